"""Feeds: a source of copy as the newsroom configured it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable


class Feed(ClusterableModel):
    """A source of copy: how it comes, how it is read, what its contract allows."""

    class Transport(models.TextChoices):
        FOLDER = "folder", _("watched folder")
        PUSH = "push", _("HTTP push")
        POLL = "poll", _("HTTP poll")

    class Publish(models.TextChoices):
        NOW = "now", _("publish at once")
        HOLD = "hold", _("hold for an editor")

    class Canonical(models.TextChoices):
        SELF = "self", _("our page")
        SOURCE = "source", _("the source's page")

    class FeedMode(models.TextChoices):
        NONE = "none", _("not in feeds")
        HEADLINE = "headline", _("headline only")
        EXCERPT = "excerpt", _("headline and first paragraph")
        FULL = "full", _("full text")

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    active = models.BooleanField(_("active"), default=True)
    transport = models.CharField(
        _("transport"),
        max_length=10,
        choices=Transport.choices,
        default=Transport.FOLDER,
    )
    address = models.URLField(_("address to poll"), max_length=500, blank=True)
    poll_seconds = models.PositiveIntegerField(_("seconds between polls"), default=120)
    token_digest = models.CharField(max_length=64, blank=True, editable=False)

    # Identity: whom this feed may speak for. {"provider as written": "source"}
    source = models.SlugField(
        _("source"),
        max_length=60,
        help_text=_("Whose copy this is; identities are kept by source."),
    )
    speaks_for = models.JSONField(
        _("also speaks for"),
        default=dict,
        blank=True,
        help_text=_("Provider names as written, each with the source they mean."),
    )
    mapping = models.JSONField(
        _("mapping"),
        default=dict,
        blank=True,
        help_text=_("The agency's habits: signals, codes, fields."),
    )

    # Rights, as the contract has them
    credit = models.CharField(_("credit line"), max_length=200, blank=True)
    copyright_notice = models.TextField(_("copyright notice"), blank=True)
    canonical = models.CharField(
        _("canonical address"),
        max_length=10,
        choices=Canonical.choices,
        default=Canonical.SELF,
    )
    noindex = models.BooleanField(_("keep out of search engines"), default=False)
    feed_mode = models.CharField(
        _("in our feeds"),
        max_length=10,
        choices=FeedMode.choices,
        default=FeedMode.FULL,
    )
    hard_expiry = models.BooleanField(
        _("expiry takes stories down"),
        default=True,
        help_text=_("Off: an expired story stays, it only leaves the lists."),
    )
    retain_days = models.PositiveIntegerField(
        _("keep for days"), null=True, blank=True, help_text=_("Empty: no limit.")
    )
    erase_days = models.PositiveIntegerField(
        _("erase days after the contract's end"),
        null=True,
        blank=True,
        help_text=_(
            "How long its copy may be kept, unseen, once the contract has ended and is "
            "to be erased. Empty: not at all."
        ),
    )

    # Rules
    publish = models.CharField(
        _("when nothing else is said"),
        max_length=5,
        choices=Publish.choices,
        default=Publish.HOLD,
    )
    section = models.SlugField(_("section"), max_length=60, blank=True)
    site = models.CharField(_("site"), max_length=255, blank=True)  # host; "": default

    size_cap = models.PositiveIntegerField(_("largest delivery in bytes"), default=0)
    silent_after = models.PositiveIntegerField(
        _("alarm when silent for minutes"), null=True, blank=True
    )
    last_received_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("feed")
        verbose_name_plural = _("feeds")

    def __str__(self) -> str:
        return self.name

    # Written by the wire alone, by ``update``.
    WIRE_OWNED = frozenset({"token_digest", "last_received_at"})

    def save(self, **options: Any) -> None:
        """Save what the newsroom configures.

        An editor's form that was open meanwhile must not bring a token back that was
        replaced, nor an old time of receipt.
        """
        if not self._state.adding and options.get("update_fields") is None:
            columns = [field.name for field in self._meta.concrete_fields]
            kept = [name for name in columns if name not in {"id", *self.WIRE_OWNED}]
            options["update_fields"] = [*kept, "rules"]
        super().save(**options)

    def source_of(self, provider: str | None) -> str:
        """Give the source an item of this feed belongs to: never one not granted."""
        granted: dict[str, Any] = self.speaks_for
        return str(granted.get(provider or "", self.source))


class FeedRule(Orderable):
    """Copy of this feed that matches is published, held or placed as said here.

    Empty conditions match everything. In the editor's order, the first matching rule
    that says whether to publish decides that, the first that names a section that.
    """

    feed = ParentalKey(Feed, on_delete=models.CASCADE, related_name="rules")
    topic = models.ForeignKey(
        "topics.Topic",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("topic"),
    )
    urgency_from = models.PositiveSmallIntegerField(
        _("urgency from"), null=True, blank=True
    )
    urgency_to = models.PositiveSmallIntegerField(
        _("urgency to"), null=True, blank=True
    )
    publish = models.CharField(
        _("then"), max_length=5, choices=Feed.Publish.choices, blank=True
    )
    section = models.SlugField(_("and place in section"), max_length=60, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("rule")
        verbose_name_plural = _("rules")

    def __str__(self) -> str:
        return f"{self.feed}: {self.get_publish_display() or self.section}"

    def clean(self) -> None:
        """Refuse a rule that decides nothing, and urgencies there are not."""
        if not self.publish and not self.section:
            raise ValidationError(
                _("Say whether to publish or hold, or name a section.")
            )
        for name in ("urgency_from", "urgency_to"):
            urgency = getattr(self, name)
            if urgency is not None and not 1 <= urgency <= 9:
                raise ValidationError({name: _("An urgency is a number from 1 to 9.")})
