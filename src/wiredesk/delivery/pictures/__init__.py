"""Pictures at one gated address of ours: in fixed sizes, re-encoded, while allowed.

Answers for a withdrawn picture being gone at its address; never serves an original.
"""

from __future__ import annotations

from wiredesk.delivery.pictures.sizes import Shape, picture_path
from wiredesk.delivery.pictures.sources import PictureSources, picture_sources

__all__ = ["PictureSources", "Shape", "picture_path", "picture_sources"]
