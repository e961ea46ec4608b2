"""The newsroom's roles: who may do what on the desk, as names of permissions.

Permissions of other parts stand here as strings, because this part may not know
theirs; a name without a permission behind it is an error found by a test.
"""

from __future__ import annotations

from dataclasses import dataclass

DESK = "wagtailadmin.access_admin"

READ_WIRE = ("wire.view_delivery", "wire.view_feed", "wire.view_message")
WORK_WIRE = ("wire.change_delivery", "wire.change_message")
RUN_WIRE = tuple(
    f"wire.{verb}_{noun}"
    for noun in ("feed", "feedrule")
    for verb in ("add", "change", "delete", "view")
)
WRITE_STORIES = (
    "stories.add_story",
    "stories.change_story",
    "stories.view_story",
    "stories.view_author",
    "topics.view_topic",
)
PUBLISH_STORIES = (
    "stories.publish_story",
    "stories.release_story",
    "stories.lock_story",
    "stories.unlock_story",
    "stories.add_placement",
    "stories.change_placement",
    "stories.delete_placement",
    "stories.view_placement",
    "stories.add_correction",
    "stories.change_correction",
    "stories.view_correction",
)
CURATE = (
    *tuple(f"stories.{verb}_pin" for verb in ("add", "change", "delete", "view")),
    *tuple(f"stories.{verb}_breakingbar" for verb in ("add", "change", "view")),
)
WITHDRAW_STORIES = ("stories.add_order", "stories.view_order")
RUN_NEWSROOM = (
    *tuple(
        f"{noun[0]}.{verb}_{noun[1]}"
        for noun in (
            ("stories", "author"),
            ("topics", "topic"),
            ("topics", "topicrule"),
        )
        for verb in ("add", "change", "delete", "view")
    ),
    "stories.change_stationsettings",
)
# Who may change accounts may make administrators: for engineers alone.
RUN_ACCOUNTS = (
    "accounts.add_user",
    "accounts.change_user",
    "accounts.view_user",
)
# Who hears the alarm may see what it is about.
READ_ALARMS = ("logbook.view_alarm", "delivery.view_withdrawal")
CLEAR_ALARMS = ("logbook.change_alarm",)
READ_LOGBOOK = ("logbook.view_entry",)


@dataclass(frozen=True, slots=True)
class Role:
    """What a group of the newsroom may do.

    ``pages`` and ``library`` are Wagtail's words for what may be done in the whole page
    tree and the whole picture and document library.
    """

    slug: str
    name: str
    permissions: tuple[str, ...]
    pages: tuple[str, ...] = ()
    library: tuple[str, ...] = ()


ROLES = (
    Role(
        "reporter",
        "Reporter",
        (DESK, *READ_WIRE, *WRITE_STORIES, *READ_ALARMS),
        library=("add", "choose"),
    ),
    Role(
        "editor",
        "Editor",
        (
            DESK,
            *READ_WIRE,
            *WORK_WIRE,
            *WRITE_STORIES,
            *PUBLISH_STORIES,
            *CURATE,
            *WITHDRAW_STORIES,
            *READ_ALARMS,
            *CLEAR_ALARMS,
        ),
        pages=("add", "change", "publish"),
        library=("add", "change", "choose"),
    ),
    Role(
        "moderator",
        "Moderator",
        (DESK, "stories.view_story", *READ_ALARMS),
    ),
    Role(
        "desk-chief",
        "Desk chief",
        (
            DESK,
            *READ_WIRE,
            *WORK_WIRE,
            *RUN_WIRE,
            *WRITE_STORIES,
            *PUBLISH_STORIES,
            *CURATE,
            *WITHDRAW_STORIES,
            *RUN_NEWSROOM,
            *READ_ALARMS,
            *CLEAR_ALARMS,
            *READ_LOGBOOK,
        ),
        pages=("add", "change", "publish", "lock", "unlock", "bulk_delete"),
        library=("add", "change", "choose", "delete"),
    ),
    Role(
        "engineer",
        "Engineer",
        (
            DESK,
            *READ_WIRE,
            *WORK_WIRE,
            *RUN_WIRE,
            *RUN_ACCOUNTS,
            *READ_ALARMS,
            *CLEAR_ALARMS,
            *READ_LOGBOOK,
            "wagtailcore.add_site",
            "wagtailcore.change_site",
            "stories.view_story",
        ),
    ),
)
SLUGS = tuple(role.slug for role in ROLES)


def role_of(slug: str) -> Role:
    """Give the role by its slug. Raises ``KeyError`` for one there is not."""
    return {role.slug: role for role in ROLES}[slug]
