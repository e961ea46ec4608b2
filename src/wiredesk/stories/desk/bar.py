"""The breaking-news bar on the desk: words, a story, until when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.models import Site

from wiredesk.lib.signed_in import signed_in
from wiredesk.stories.actions.write_bar import ADD, LONGEST, end_bar, write_bar
from wiredesk.stories.curated import running_bar
from wiredesk.stories.models import Placement, Story
from wiredesk.stories.queries import listed, newest

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

OFFERED = 40
_MINUTES = (
    ("30", _("for half an hour")),
    ("60", _("for an hour")),
    ("120", _("for 2 hours")),
    ("240", _("for 4 hours")),
    ("720", _("for 12 hours")),
)


class BarForm(forms.Form):
    """A line that stands above every page of the site."""

    words = forms.CharField(
        label=_("Words"),
        max_length=LONGEST,
        help_text=_("One line. It shows above every page of the site at once."),
    )
    story = forms.ChoiceField(
        label=_("Links to"),
        required=False,
        help_text=_("If the story is withdrawn, held or ends, the bar goes with it."),
    )
    minutes = forms.ChoiceField(label=_("Stays"), choices=_MINUTES, initial="60")

    def __init__(self, data: Any, site: Site, asked: str, now: datetime) -> None:
        """Offer the site's newest stories, and the one that was asked for."""
        stories = list(newest(site, now, OFFERED))
        if asked.isdecimal():
            placed = Placement.objects.filter(story=OuterRef("pk"), site=site)
            more = listed(now).filter(Exists(placed), pk=int(asked)).defer("body")
            stories = [*more, *(each for each in stories if each.pk != int(asked))]
        first = stories[0] if asked.isdecimal() and stories else None
        initial = {"story": str(first.pk), "words": first.headline} if first else {}
        super().__init__(data, initial=initial)
        fields: dict[str, Any] = self.fields
        fields["story"].choices = [
            ("", _("no story")),
            *((str(each.pk), each.headline) for each in stories),
        ]


@never_cache
@require_http_methods(["GET", "POST"])
def bar_view(request: HttpRequest, site_id: int) -> HttpResponse:
    """Write the bar of a site; what stands there now is shown beside it."""
    if not request.user.has_perm(ADD):
        raise PermissionDenied
    site, now = get_object_or_404(Site, pk=site_id), timezone.now()
    asked = request.POST.get("story") or request.GET.get("story", "")
    form = BarForm(request.POST or None, site, asked, now)
    if request.method == "POST" and form.is_valid() and _write(request, site, form):
        return redirect("fronts")
    context = {
        "site": site,
        "bar": running_bar(site, now),
        "form": form,
        "header_title": _now("Breaking-news bar"),
        "header_icon": "warning",
    }
    return render(request, "stories/desk/bar.html", context)


@require_POST
def bar_end_view(request: HttpRequest, site_id: int) -> HttpResponse:
    """Take the bar of a site away."""
    site = get_object_or_404(Site, pk=site_id)
    end_bar(site=site, by=signed_in(request))
    messages.success(request, _now("The bar is gone."))
    return redirect("fronts")


def _write(request: HttpRequest, site: Site, form: BarForm) -> bool:
    asked = form.cleaned_data
    until = timezone.now() + timedelta(minutes=int(asked["minutes"]))
    story = Story.objects.filter(pk=int(asked["story"] or 0)).first()
    try:
        write_bar(
            site=site,
            words=asked["words"],
            story=story,
            until=until,
            by=signed_in(request),
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _now("The bar stands above every page."))
    return True
