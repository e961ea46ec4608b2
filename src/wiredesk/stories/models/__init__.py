from __future__ import annotations

from wiredesk.stories.models.author import Author, AuthorName
from wiredesk.stories.models.bar import BreakingBar
from wiredesk.stories.models.correction import Correction
from wiredesk.stories.models.local_edit import LocalEdit
from wiredesk.stories.models.order import Order
from wiredesk.stories.models.pages import FrontPage, SectionPage, StandingPage
from wiredesk.stories.models.picture import (
    Picture,
    PictureIdentity,
    PictureRendition,
    StoryPicture,
)
from wiredesk.stories.models.picture_order import PictureOrder
from wiredesk.stories.models.pin import Pin
from wiredesk.stories.models.placement import Placement
from wiredesk.stories.models.reference import ItemName, KillByName, Reference
from wiredesk.stories.models.standing import StoryIdentity, StoryStanding
from wiredesk.stories.models.station import StationSettings
from wiredesk.stories.models.story import Story, StoryAuthor, StoryTopic
from wiredesk.stories.models.version import StoryVersion

__all__ = [
    "Author",
    "AuthorName",
    "BreakingBar",
    "Correction",
    "FrontPage",
    "ItemName",
    "KillByName",
    "LocalEdit",
    "Order",
    "Picture",
    "PictureIdentity",
    "PictureOrder",
    "PictureRendition",
    "Pin",
    "Placement",
    "Reference",
    "SectionPage",
    "StandingPage",
    "StationSettings",
    "Story",
    "StoryAuthor",
    "StoryIdentity",
    "StoryPicture",
    "StoryStanding",
    "StoryTopic",
    "StoryVersion",
]
