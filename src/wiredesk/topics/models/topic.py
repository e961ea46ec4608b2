"""Topics, and the rules that find them in agencies' own words."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel


class Topic(ClusterableModel):
    """Something stories are about. ``code`` is the IPTC Media Topic's, if it is one."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    code = models.CharField(
        _("Media Topic code"), max_length=8, unique=True, null=True, blank=True
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("broader topic"),
    )
    description = models.TextField(_("description"), blank=True)
    public = models.BooleanField(
        _("public"), default=True, help_text=_("Has a page that readers can follow.")
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/topics/{self.slug}/"


class TopicRule(models.Model):
    """Copy that carries this agency's code, keyword or phrase is about ``topic``."""

    class Looks(models.TextChoices):
        CODE = "code", _("an agency's own code")
        KEYWORD = "keyword", _("a keyword")
        PHRASE = "phrase", _("a phrase in headline or text")

    topic = ParentalKey(Topic, on_delete=models.CASCADE, related_name="rules")
    looks_at = models.CharField(_("looks at"), max_length=10, choices=Looks.choices)
    words = models.CharField(
        _("words"), max_length=200, help_text=_("A code as scheme:code, or the words.")
    )

    class Meta:
        verbose_name = _("topic rule")
        verbose_name_plural = _("topic rules")
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "looks_at", "words"], name="topic_rule_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_looks_at_display()}: {self.words}"
