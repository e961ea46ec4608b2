"""Surrogate keys: the names under which an outside cache keeps an answer.

An answer goes by every story and picture that it names and by the list that it is, read
off its own bytes and address: so no page that is added later can forget to say so.
"""

from __future__ import annotations

import re

STORY_PATH = re.compile(
    rb"/[0-9]{4}/[0-9]{2}/[0-9]{2}/(?:[^/\s\"'<>\\]*-)?([0-9]{1,19})/"
)
# As somebody may ask for it, which leads to the other. The day and the words are for
# people; the number finds the story.
STORY_ASKED = r"[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}/(?:[^/]*-)?(?P<number>[0-9]{1,19})"
_STORY_ASKED = re.compile(rf"/{STORY_ASKED}(?:/|$)".encode())
PICTURE_PATH = re.compile(rb"/pictures/([0-9]{1,19})/")
_FEED = re.compile(r"feed\.[a-z]+$")
_PLAIN = re.compile(r"[^a-z0-9]+")
# What a header may hold everywhere; what is more goes by one key for all such answers.
MOST_KEYS = 300
OVERFULL = "overfull"
# Of every page and feed: what stands around them all, the breaking-news bar included.
FRAME = "frame"
# Of the breaking-news bar alone, where it is kept apart from the pages it stands on.
BAR = "bar"


def story_key(story_id: int) -> str:
    """Give the key of every answer that names the story."""
    return f"story-{story_id}"


def picture_key(picture_id: int) -> str:
    """Give the key of a picture in all its sizes, and of pages that show it."""
    return f"picture-{picture_id}"


def list_key(path: str) -> str:
    """Give the key of a list with all its pages, and of the feeds beside it.

    ``/topics/elections/`` and ``/topics/elections/feed.rss`` are one list.
    """
    plain = _PLAIN.sub("-", _FEED.sub("", path.partition("?")[0]).lower()).strip("-")
    return f"list-{plain[:100] or 'front'}"


def stories_asked(path: bytes) -> list[bytes]:
    """Give the number of the story that ``path`` asks for, in a list; else nothing."""
    found = _STORY_ASKED.match(path)
    return [found["number"]] if found else []


def keys_of(path: str, content: bytes) -> list[str]:
    """Give the keys under which the answer to ``path`` is to be kept."""
    paths = path.encode()
    stories = dict.fromkeys([*stories_asked(paths), *STORY_PATH.findall(content)])
    pictures = dict.fromkeys(
        [*PICTURE_PATH.findall(paths), *PICTURE_PATH.findall(content)]
    )
    keys = [list_key(path)]
    if not PICTURE_PATH.match(paths):
        keys.append(FRAME)
    keys += [story_key(int(number)) for number in stories]
    keys += [picture_key(int(number)) for number in pictures]
    if len(keys) > MOST_KEYS:
        return [list_key(path), FRAME, OVERFULL]
    return keys
