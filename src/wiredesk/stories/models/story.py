"""The story: a plain row with Wagtail's drafts, revisions, locks and workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.fields import StreamField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    Revision,
    RevisionMixin,
    WorkflowMixin,
)
from wagtail.search import index

from wiredesk.stories.blocks import BODY_BLOCKS
from wiredesk.stories.models.standing import is_listed, is_public
from wiredesk.stories.preview import draw_preview

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser
    from django.http import HttpRequest, HttpResponse

    from wiredesk.stories.actions.publish_edit import Done


class StoryQuerySet(models.QuerySet["Story"]):
    """Stories; ``public`` is the one gate of every public query."""

    def public(self, now: datetime | None = None) -> StoryQuerySet:
        """Keep what the public may see at ``now`` (default: this moment)."""
        return self.filter(is_public(now or timezone.now(), "standing__"))

    def listed(self, now: datetime | None = None) -> StoryQuerySet:
        """Keep what lists, feeds and search show at ``now``: not what softly expired."""
        return self.filter(is_listed(now or timezone.now(), "standing__"))


class Story(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    ClusterableModel,
):
    """What people read. Whether they may is in ``standing``, never in ``live``.

    The fields in ``WIRE_OWNED`` are the wire's and the address's: no revision, form or
    schedule writes them.
    """

    headline = models.CharField(_("headline"), max_length=400)
    subheadline = models.CharField(_("subheadline"), max_length=600, blank=True)
    dateline = models.CharField(_("dateline"), max_length=200, blank=True)
    body = StreamField(BODY_BLOCKS, blank=True, verbose_name=_("body"))
    summary = models.TextField(
        _("summary"), blank=True, help_text=_("For lists and search engines.")
    )
    # Names as the wire wrote them; authors with pages stand in ``authors``.
    bylines = models.JSONField(_("names in the byline"), default=list, blank=True)
    language = models.CharField(_("language"), max_length=35, default="en")
    urgency = models.PositiveSmallIntegerField(_("urgency"), null=True, blank=True)

    # --- WIRE_OWNED from here on --------------------------------------------------
    slug = models.CharField(max_length=80, editable=False)
    # Null, not empty, until first publication: unique, and many have none yet.
    path = models.CharField(  # noqa: DJ001
        max_length=120, unique=True, null=True, editable=False
    )
    source = models.CharField(max_length=60, blank=True, editable=False)
    source_name = models.CharField(max_length=200, blank=True, editable=False)
    source_address = models.URLField(max_length=1000, blank=True, editable=False)
    credit = models.CharField(max_length=300, blank=True, editable=False)
    copyright_notice = models.TextField(blank=True, editable=False)
    usage_terms = models.TextField(blank=True, editable=False)
    canonical = models.CharField(max_length=10, default="self", editable=False)
    noindex = models.BooleanField(default=False, editable=False)
    feed_mode = models.CharField(max_length=10, default="full", editable=False)
    published_at = models.DateTimeField(null=True, editable=False, db_index=True)
    # When the words last changed, for the reader; equals published_at at first.
    updated_at = models.DateTimeField(null=True, editable=False)
    wire_message = models.ForeignKey(
        "wire.Message",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    # Set where the wire said late that it is one story with another: its page leads there.
    joined_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    # When the desk last changed the wire's words; empty while they are the wire's.
    edited_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(editable=False, default=timezone.now)

    WIRE_OWNED = (
        "slug",
        "path",
        "source",
        "source_name",
        "source_address",
        "credit",
        "copyright_notice",
        "usage_terms",
        "canonical",
        "noindex",
        "feed_mode",
        "published_at",
        "updated_at",
        "wire_message_id",
        "joined_to_id",
        "edited_at",
        "created_at",
    )

    # Of a restored version only; see ``with_content_json``.
    words_base_id: int | None = None

    objects = StoryQuerySet.as_manager()

    search_fields = [
        index.SearchField("headline", boost=2),
        index.AutocompleteField("headline"),
        index.FilterField("source"),
        index.FilterField("language"),
    ]

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        indexes = [
            # Wagtail asks every few seconds what has come to its end.
            models.Index(
                fields=["expire_at"],
                name="story_will_end",
                condition=models.Q(expire_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.headline

    def get_absolute_url(self) -> str:
        return self.path or ""

    def publish(  # type: ignore[override]
        self,
        revision: Revision,
        user: AbstractBaseUser | None = None,
        **options: Any,
    ) -> Done:
        """Publish an editor's version: its words, then the desk's order.

        Wagtail calls this from forms, workflows and schedules alike. Gives what became
        of it: see ``publish_edit``.
        """
        # Here, not above: actions import models.
        from wiredesk.stories.actions.publish_edit import publish_edit

        return publish_edit(revision=revision, user=user, **options)

    def unpublish(
        self,
        set_expired: bool = False,
        commit: bool = True,
        user: AbstractBaseUser | None = None,
        log_action: bool | str = True,
    ) -> None:
        """Take the story down by the desk's order; see ``publish``."""
        from wiredesk.stories.actions.unpublish_story import unpublish_story

        unpublish_story(
            story=self, user=user, set_expired=set_expired, log_action=log_action
        )

    def desk_standing(self) -> str:
        """Give the standing in the desk's words, as of now."""
        standing = getattr(self, "standing", None)
        return standing.in_words() if standing else str(_("draft"))

    desk_standing.short_description = _("standing")  # type: ignore[attr-defined]

    @property
    def status_string(self) -> str:
        """Give what Wagtail's screens call the status: the standing, and any draft."""
        words = str(self.desk_standing())
        if self.approved_schedule:
            return _("%(standing)s + scheduled") % {"standing": words}
        if self.has_unpublished_changes and hasattr(self, "standing"):
            return _("%(standing)s + draft") % {"standing": words}
        return words

    def is_edited(self) -> bool:
        """Tell whether the desk changed the wire's words."""
        return self.edited_at is not None

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show the story as its page would be; the web part draws it."""
        return draw_preview(self, request)

    def with_content_json(self, content: dict[str, Any]) -> Story:
        """Restore a revision's words; what the wire owns stays as it is now."""
        restored: Story = super().with_content_json(content)
        for name in self.WIRE_OWNED:
            setattr(restored, name, getattr(self, name))
        # The message whose words the version was written over; ``wire_message`` is the
        # one that is on the row now.
        restored.words_base_id = content.get("wire_message")
        # Wagtail takes it from the version's own bytes: there was none when they were
        # written, and a schedule then goes out at once.
        restored.live_revision_id = self.live_revision_id
        self._keep_fetched_pictures(restored)
        return restored

    def _keep_fetched_pictures(self, restored: Story) -> None:
        """Keep what was fetched since: a version may be older than its pictures' files."""
        waiting = [use for use in restored.pictures.all() if use.href]
        if not waiting:
            return
        fetched = {use.pk: use for use in self.pictures.all()}
        for use in waiting:
            row = fetched.get(use.pk)
            if row is not None and row.href == use.href:
                use.picture_id = use.picture_id or row.picture_id
                use.attempts, use.failure = row.attempts, row.failure


class StoryAuthor(Orderable):
    """An author of a story, in the order of the byline."""

    # Neither has an index of its own: each is the first column of one below.
    story = ParentalKey(
        Story, on_delete=models.CASCADE, related_name="authors", db_index=False
    )
    author = models.ForeignKey(
        "stories.Author",
        on_delete=models.PROTECT,
        related_name="stories",
        db_index=False,
        verbose_name=_("author"),
    )
    sort_at = models.DateTimeField(null=True, editable=False)

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(fields=["story", "author"], name="author_once")
        ]
        indexes = [models.Index(fields=["author", "-sort_at"], name="author_newest")]


class StoryTopic(Orderable):
    """A topic of a story; the first is the one it offers to follow."""

    # Neither has an index of its own, as above.
    story = ParentalKey(
        Story, on_delete=models.CASCADE, related_name="topics", db_index=False
    )
    topic = models.ForeignKey(
        "topics.Topic",
        on_delete=models.PROTECT,
        related_name="stories",
        db_index=False,
        verbose_name=_("topic"),
    )
    sort_at = models.DateTimeField(null=True, editable=False)

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(fields=["story", "topic"], name="topic_once")
        ]
        indexes = [models.Index(fields=["topic", "-sort_at"], name="topic_newest")]
