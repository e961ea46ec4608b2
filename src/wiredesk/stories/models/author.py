"""Authors: staff and agencies' desks. A wire name is text until an editor makes one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.search import index


class Author(index.Indexed, ClusterableModel):
    """Somebody, or an agency's desk, whose name stands over stories and has a page."""

    class Kind(models.TextChoices):
        STAFF = "staff", _("staff")
        AGENCY = "agency", _("agency's desk")
        GUEST = "guest", _("guest")

    name = models.CharField(_("name"), max_length=160)
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    kind = models.CharField(
        _("kind"), max_length=6, choices=Kind.choices, default=Kind.STAFF
    )
    role = models.CharField(_("role"), max_length=160, blank=True)
    bio = models.TextField(_("biography"), blank=True)
    photo = models.ForeignKey(
        "stories.Picture",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("photo"),
    )
    # The wire source whose desk this is (Message.source); empty for people.
    source = models.SlugField(_("wire source"), max_length=60, blank=True)

    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        ordering = ["name"]
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        constraints = [
            models.UniqueConstraint(
                fields=["source"],
                condition=~models.Q(source=""),
                name="one_desk_a_source",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/authors/{self.slug}/"


class AuthorName(models.Model):
    """A byline as agencies write it, by which ``author`` is recognised."""

    author = ParentalKey(Author, on_delete=models.CASCADE, related_name="names")
    text = models.CharField(_("byline as written"), max_length=200, unique=True)

    def __str__(self) -> str:
        return self.text
