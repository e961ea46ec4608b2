from __future__ import annotations

from wiredesk.topics.models.topic import Topic, TopicRule

__all__ = ["Topic", "TopicRule"]
