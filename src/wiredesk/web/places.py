"""The places on our pages that other parts fill, and what their fragments are told.

Every fragment gets the template's context: ``frame`` always, ``page`` on a story's page,
``topic`` and ``author`` on theirs. Templates write ``{% place "article-follow" %}``.
"""

from __future__ import annotations

ARTICLE_FOLLOW = "article-follow"  # beside "Article Topic Follows"
ARTICLE_COMMENTS_JUMP = "article-comments-jump"  # a link to what stands below
ARTICLE_COMMENTS = "article-comments"  # the conversation itself
STORY_IDEA = "story-idea"  # the invitation to send one, after the conversation
TOPIC_FOLLOW = "topic-follow"
AUTHOR_FOLLOW = "author-follow"
ACCOUNT = "account"  # in the masthead
FOOTER = "footer"

PLACES = frozenset(
    {
        ARTICLE_FOLLOW,
        ARTICLE_COMMENTS_JUMP,
        ARTICLE_COMMENTS,
        STORY_IDEA,
        TOPIC_FOLLOW,
        AUTHOR_FOLLOW,
        ACCOUNT,
        FOOTER,
    }
)
# Those that stand around every page, by the part of the frame they are in.
IN_FRAME = {"masthead": ACCOUNT, "footer": FOOTER}
