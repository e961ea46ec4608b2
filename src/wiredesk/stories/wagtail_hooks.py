"""Editors' screens for stories, authors and topics in Wagtail's admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.admin.ui.tables import (
    Column,
    DateColumn,
    LiveStatusTagColumn,
)
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet, UnpublishView

from wiredesk.stories.actions.edit_story import EditStory
from wiredesk.stories.desk.bar import bar_end_view, bar_view
from wiredesk.stories.desk.contract import contract_view, feed_buttons
from wiredesk.stories.desk.corrections import (
    CorrectionsPanel,
    WordlessPanel,
    change_view,
    correct_action,
    correct_button,
    correct_view,
)
from wiredesk.stories.desk.editor import StoryEditView, StoryRevertView
from wiredesk.stories.desk.fronts import (
    PinColumn,
    arrange_view,
    fronts_view,
    pin_actions,
    pin_at_once_view,
    pin_change_view,
    pin_view,
)
from wiredesk.stories.desk.home import WaitingPanel
from wiredesk.stories.desk.merge import merge_actions, merge_view, received_view
from wiredesk.stories.desk.orders import (
    order_actions,
    order_view,
    release_note,
    standing_note,
)
from wiredesk.stories.desk.pictures import picture_actions, picture_order_view
from wiredesk.stories.filters import StoryFilterSet
from wiredesk.stories.forms import StoryForm
from wiredesk.stories.models import Author, Story
from wiredesk.stories.panels import WirePanel
from wiredesk.topics.models import Topic
from wiredesk.wire.desk.feeds import register_feed_buttons
from wiredesk.wire.desk.message_actions import (
    register_message_actions,
    register_message_note,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern
    from wagtail.actions.registry import ActionRegistry
    from wagtail.admin.ui.components import Component

WORDS = ObjectList(
    [
        WirePanel(heading=_("From the wire")),
        FieldPanel("headline", classname="title"),
        FieldPanel("subheadline"),
        FieldPanel("dateline"),
        InlinePanel("authors", heading=_("Authors"), label=_("author")),
        FieldPanel("body"),
        FieldPanel("summary"),
        CorrectionsPanel(heading=_("Corrections")),
    ],
    heading=_("Words"),
)
PICTURES = ObjectList(
    [
        InlinePanel(
            "pictures",
            heading=_("Pictures, the first one leads"),
            label=_("picture"),
            panels=[
                FieldPanel("picture"),
                FieldPanel("alt"),
                FieldPanel("caption"),
                FieldPanel("credit"),
            ],
        )
    ],
    heading=_("Pictures"),
)
PLACE = ObjectList(
    [
        InlinePanel(
            "topics",
            heading=_("Topics, the first one is offered to follow"),
            label=_("topic"),
            panels=[FieldPanel("topic")],
        ),
        InlinePanel(
            "placements",
            heading=_("Where it stands"),
            label=_("placement"),
            panels=[
                FieldPanel("site"),
                FieldPanel("section"),
                FieldPanel("canonical"),
            ],
        ),
        MultiFieldPanel(
            [
                FieldPanel(
                    "language", help_text=_("A language tag such as en, fi or ar-EG.")
                ),
                FieldPanel(
                    "urgency", help_text=_("1 is the most urgent, 8 the least.")
                ),
            ],
            heading=_("Copy"),
        ),
        PublishingPanel(),
    ],
    heading=_("Place and topics"),
)


class StoryIndexView(IndexView):
    """Stories, newest first, without what a list doesn't show."""

    def get_base_queryset(self) -> QuerySet[Story]:
        """Fetch each story's standing with it."""
        stories: QuerySet[Story] = super().get_base_queryset()
        return stories.select_related("standing").defer("body")

    @cached_property
    def list_display(self) -> list[Any]:
        """Leave out Wagtail's own status: "live" is the standing's to say."""
        return [
            column
            for column in super().list_display
            if not isinstance(column, LiveStatusTagColumn)
        ]


class StoryUnpublishView(UnpublishView):
    """Taking a story down: by the desk's order, where Wagtail only sets its marks."""

    def unpublish(self) -> HttpResponse | None:
        """Withdraw the story; a hook may answer in its place."""
        answer: HttpResponse | None
        answer = self.run_hook("before_unpublish", self.request, self.object)
        if answer is None:
            self.object.unpublish(user=self.request.user)
            answer = self.run_hook("after_unpublish", self.request, self.object)
        return answer


class StoryViewSet(SnippetViewSet):
    """Stories: the wire's and the station's own."""

    model = Story
    icon = "doc-full"
    menu_label = _("Stories")
    url_prefix = "stories"
    add_to_admin_menu = True
    menu_order = 110
    list_display = [
        "headline",
        Column("source_name", label=_("Agency")),
        Column("status_string", label=_("Standing")),
        DateColumn("published_at", label=_("Published"), sort_key="published_at"),
        Column(
            "is_edited",
            label=_("Words"),
            accessor=lambda story: _("edited here") if story.is_edited() else "",
        ),
        PinColumn("pin", label=_("Front")),
    ]
    index_view_class = StoryIndexView
    unpublish_view_class = StoryUnpublishView
    edit_view_class = StoryEditView
    revisions_revert_view_class = StoryRevertView
    list_per_page = 50
    ordering = ["-id"]
    filterset_class = StoryFilterSet
    # Wagtail's own index doesn't hold what the wire writes.
    search_backend_name = None
    search_fields = ["headline", "source_name"]
    copy_view_enabled = False
    edit_handler = TabbedInterface([WORDS, PICTURES, PLACE], base_form_class=StoryForm)


class AuthorViewSet(SnippetViewSet):
    """Authors: staff, guests and agencies' desks."""

    model = Author
    icon = "user"
    menu_label = _("Authors")
    url_prefix = "authors"
    add_to_admin_menu = True
    menu_order = 120
    list_display = ["name", "kind", "role"]
    list_filter = ["kind"]
    search_backend_name = None
    search_fields = ["name"]
    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("kind"),
        FieldPanel("role"),
        FieldPanel("photo"),
        FieldPanel("bio"),
        InlinePanel(
            "names",
            heading=_("Bylines as agencies write them"),
            label=_("byline"),
            help_text=_("Copy that comes with one of these names gets this author."),
            panels=[FieldPanel("text")],
        ),
    ]


class TopicViewSet(SnippetViewSet):
    """Topics and the rules that find them."""

    model = Topic
    icon = "tag"
    menu_label = _("Topics")
    url_prefix = "topics"
    add_to_admin_menu = True
    menu_order = 130
    list_display = ["name", "code", "parent", "public"]
    list_filter = ["public"]
    search_backend_name = None
    search_fields = ["name"]
    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("code"),
        FieldPanel("parent"),
        FieldPanel("description"),
        FieldPanel("public"),
        InlinePanel(
            "rules",
            heading=_("Rules that find it"),
            label=_("rule"),
            help_text=_(
                "Copy that carries one of these gets this topic, beside those its own "
                "Media Topic codes give it."
            ),
            panels=[FieldPanel("looks_at"), FieldPanel("words")],
        ),
    ]


register_snippet(StoryViewSet)
register_snippet(AuthorViewSet)
register_snippet(TopicViewSet)
register_message_actions(merge_actions)
register_message_actions(order_actions)
register_message_actions(correct_action)
register_message_actions(picture_actions)
register_message_actions(pin_actions)
register_message_note(standing_note)
register_message_note(release_note)
register_feed_buttons(feed_buttons)


@hooks.register("register_actions")
def story_actions(registry: ActionRegistry) -> None:
    """Let drafts of a story leave its row alone."""
    registry.register(Story, EditStory)


@hooks.register("register_admin_urls")
def order_addresses() -> list[URLPattern]:
    """Give the address of an order on a message's story."""
    return [
        path(
            "wire/messages/<int:message_id>/<slug:verb>/",
            order_view,
            name="story_order",
        )
    ]


@hooks.register("register_admin_urls")
def correction_addresses() -> list[URLPattern]:
    """Give the addresses at which an editor says what was wrong."""
    return [
        path("corrections/of/<int:story_id>/", correct_view, name="story_correct"),
        path("corrections/<int:correction_id>/", change_view, name="story_correction"),
    ]


@hooks.register("register_admin_urls")
def merge_addresses() -> list[URLPattern]:
    """Give the addresses of the wire's words beside ours."""
    return [
        path("stories/<int:story_id>/merge/", merge_view, name="story_merge"),
        path("stories/<int:story_id>/received/", received_view, name="story_received"),
    ]


@hooks.register("register_admin_urls")
def front_addresses() -> list[URLPattern]:
    """Give the addresses at which editors arrange fronts and write the bar."""
    return [
        path("fronts/", fronts_view, name="fronts"),
        path("fronts/<int:page_id>/", arrange_view, name="front_arrange"),
        path("fronts/<int:page_id>/pin/", pin_view, name="front_pin"),
        path(
            "fronts/pins/<int:pin_id>/<slug:verb>/",
            pin_change_view,
            name="front_pin_change",
        ),
        path("fronts/lead/<int:story_id>/", pin_at_once_view, name="front_pin_at_once"),
        path("fronts/bar/<int:site_id>/", bar_view, name="front_bar"),
        path("fronts/bar/<int:site_id>/end/", bar_end_view, name="front_bar_end"),
    ]


class FrontsItem(MenuItem):
    """The way to the fronts, for whoever may pin."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Hide it from those who would be refused."""
        return bool(request.user.has_perm("stories.add_pin"))


@hooks.register("register_admin_menu_item")
def fronts_menu() -> MenuItem:
    """Give the desk's menu the fronts."""
    return FrontsItem(
        _("Fronts"), reverse("fronts"), name="fronts", icon_name="thumbtack", order=115
    )


@hooks.register("register_admin_urls")
def contract_addresses() -> list[URLPattern]:
    """Give the addresses of a feed's contract, and of orders about pictures."""
    return [
        path(
            "wire/feeds/<int:feed_id>/contract/",
            contract_view,
            name="wire_feed_contract",
        ),
        path(
            "pictures/<int:picture_id>/order/",
            picture_order_view,
            name="picture_order",
        ),
    ]


@hooks.register("insert_global_admin_css")
def story_style() -> str:
    """Give the few rules of style that the columns need."""
    return format_html('<link rel="stylesheet" href="{}">', static("stories/desk.css"))


hooks.register("register_snippet_listing_buttons", correct_button)


@hooks.register("construct_homepage_panels")
def home_panels(request: HttpRequest, panels: list[Component]) -> None:
    """Show what waits for an editor on the desk's home."""
    if request.user.has_perm("stories.change_story"):
        panels.append(WaitingPanel())
    if request.user.has_perm("stories.add_correction"):
        panels.append(WordlessPanel())
