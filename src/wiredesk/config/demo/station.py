"""The demo's site: the tree of pages, the station behind it, its topics."""

from __future__ import annotations

from django.db import transaction
from django.utils.text import slugify
from wagtail.models import Page, Site

from wiredesk.demo import feeds as content
from wiredesk.demo.standing_pages import standing_pages
from wiredesk.demo.topics import BRANCHES, NAMES
from wiredesk.stories.actions.lay_front import lay_front
from wiredesk.stories.models import (
    FrontPage,
    SectionPage,
    StandingPage,
    StationSettings,
)
from wiredesk.topics.models import Topic

LANGUAGE = "en"
PURPOSES = {
    "about": StandingPage.Purpose.ABOUT,
    "community-guidelines": StandingPage.Purpose.GUIDELINES,
    "corrections": StandingPage.Purpose.CORRECTIONS,
    "privacy": StandingPage.Purpose.PRIVACY,
}


@transaction.atomic
def make_site() -> Site:
    """Make the site with its front, sections and standing pages; give it."""
    front = lay_front(title=content.STATION_NAME)
    site: Site
    site, _made = Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "site_name": content.STATION_NAME,
            "root_page": front,
        },
    )
    StationSettings.objects.update_or_create(
        site=site,
        defaults={
            "name": content.STATION_NAME,
            "tagline": content.STATION_TAGLINE,
            "place": content.STATION_TOWN,
            "language": LANGUAGE,
            "time_zone": content.STATION_TIME_ZONE,
            "legal_name": "Ellery Bay Broadcasting Trust",
            "contact_mail": "newsroom@qpel.example",
        },
    )
    for section in content.sections():
        _below(
            front,
            SectionPage(
                title=section.name,
                slug=section.slug,
                description=section.description,
                show_in_menus=True,
            ),
        )
    for page in standing_pages():
        _below(
            front,
            StandingPage(
                title=page.title,
                slug=page.slug,
                search_description=page.summary,
                purpose=PURPOSES.get(page.slug, StandingPage.Purpose.OTHER),
                body=page.body_html,
            ),
        )
    return site


def _below(front: FrontPage, page: Page) -> None:
    if not Page.objects.child_of(front).filter(slug=page.slug).exists():
        front.refresh_from_db()
        front.add_child(instance=page)


@transaction.atomic
def make_topics() -> None:
    """Make the topics the demo's copy carries, each below the branch it grows on."""
    known = dict(Topic.objects.exclude(code=None).values_list("code", "pk"))
    for code in sorted(set(BRANCHES.values()) | set(NAMES)):
        branch = BRANCHES.get(code)
        if code in known or (branch and branch not in known and branch != code):
            continue
        name = NAMES[code]
        topic = Topic.objects.create(
            code=code,
            name=name[:1].upper() + name[1:],
            slug=slugify(name),
            parent_id=known.get(branch) if branch and branch != code else None,
        )
        known[code] = topic.pk
