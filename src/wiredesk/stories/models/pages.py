"""The pages of the site's tree: front, sections, standing pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from wiredesk.stories.pins_panel import PinsPanel
from wiredesk.stories.preview import draw_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


_TITLE: list[Any] = list(Page.content_panels)


class DrawnPage(Page):
    """A page whose look another part owns; see ``stories.preview``."""

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Show the page to a reader."""
        return draw_page(self, request)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show an editor the page as a reader would see it."""
        return draw_page(self, request)


class CuratedPage(DrawnPage):
    """A page on which editors pin stories, and a rule fills what they leave open."""

    class Fill(models.TextChoices):
        NEWEST = "newest", _("the newest")
        URGENCY = "urgency", _("the most urgent of the last day, then the newest")
        TOPIC = "topic", _("the newest about one topic, then the newest")

    fill_by = models.CharField(
        _("what no editor pins is filled with"),
        max_length=7,
        choices=Fill.choices,
        default=Fill.NEWEST,
    )
    fill_topic = models.ForeignKey(
        "topics.Topic",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("the topic"),
        help_text=_("Where one topic fills the page."),
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Ask for the topic where the rule needs one."""
        super().clean()
        if self.fill_by == self.Fill.TOPIC and self.fill_topic_id is None:
            raise ValidationError(
                {"fill_topic": _("Choose the topic that fills this page.")}
            )


_FILL = MultiFieldPanel(
    [PinsPanel(), FieldPanel("fill_by"), FieldPanel("fill_topic")],
    heading=_("What stands on it"),
)


class FrontPage(CuratedPage):
    """The front of a station's site; the root of its tree."""

    max_count_per_parent: Any = 1
    subpage_types = ["stories.SectionPage", "stories.StandingPage"]

    content_panels: Any = [*_TITLE, _FILL]

    class Meta:
        verbose_name = _("front")


class SectionPage(CuratedPage):
    """A section: what leads it, then its stories newest first."""

    parent_page_types = ["stories.FrontPage"]
    subpage_types: list[str] = []
    description = models.TextField(_("description"), blank=True)

    content_panels: Any = [*_TITLE, FieldPanel("description"), _FILL]

    class Meta:
        verbose_name = _("section")


# All that the desk's editor offers but embeds: what other sites hold, no page shows.
PAGE_FEATURES = [
    *("h2", "h3", "h4", "bold", "italic", "ol", "ul", "hr"),
    *("link", "document-link", "image"),
]


class StandingPage(DrawnPage):
    """A page that stands: About, Community Guidelines, Corrections policy and the like."""

    class Purpose(models.TextChoices):
        ABOUT = "about", _("about the station")
        GUIDELINES = "guidelines", _("community guidelines")
        CORRECTIONS = "corrections", _("corrections policy")
        PRINCIPLES = "principles", _("publishing principles")
        ETHICS = "ethics", _("ethics policy")
        FACT_CHECKING = "facts", _("verification and fact-checking policy")
        UNNAMED_SOURCES = "sources", _("unnamed sources policy")
        FEEDBACK = "feedback", _("feedback policy")
        DIVERSITY = "diversity", _("diversity policy")
        NO_BYLINES = "bylines", _("policy on stories without a byline")
        MISSION = "mission", _("mission and coverage priorities")
        MASTHEAD = "masthead", _("masthead: who works here")
        OWNERSHIP = "ownership", _("ownership and funding")
        PRIVACY = "privacy", _("privacy")
        OTHER = "other", _("other")

    parent_page_types = ["stories.FrontPage", "stories.StandingPage"]
    subpage_types = ["stories.StandingPage"]
    purpose = models.CharField(
        _("purpose"), max_length=12, choices=Purpose.choices, default=Purpose.OTHER
    )
    body = RichTextField(_("text"), blank=True, features=PAGE_FEATURES)

    content_panels: Any = [
        *_TITLE,
        FieldPanel("purpose"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("standing page")
