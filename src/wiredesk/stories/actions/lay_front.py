"""Give a new install its front, where Wagtail has only a page of welcome."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from wiredesk.stories.models import FrontPage, SectionPage


@transaction.atomic
def lay_front(*, title: str) -> FrontPage:
    """Give the front of the default site, made where there is none. Safe to repeat.

    Its first section takes the copy that no rule places elsewhere; the newsroom names
    its own on the desk.
    """
    found: FrontPage | None = FrontPage.objects.first()
    if found is not None:
        return found
    root = Page.objects.get(depth=1)
    # Wagtail's welcome page has the place and the name a front wants.
    for page in root.get_children():
        page.delete()
    root.refresh_from_db()
    front = FrontPage(title=title, slug="home")
    root.add_child(instance=front)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "site_name": title, "root_page": front},
    )
    front.add_child(
        instance=SectionPage(title=_("News"), slug="news", show_in_menus=True)
    )
    return front
