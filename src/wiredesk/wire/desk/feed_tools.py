"""A feed's token, shown once; and a trial: what a file would say, nothing stored."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from wiredesk.lib.signed_in import signed_in
from wiredesk.wire.actions.issue_token import issue_token
from wiredesk.wire.actions.receive import cap_of
from wiredesk.wire.desk.messages import facts_of
from wiredesk.wire.formats.detect import read
from wiredesk.wire.items import UnreadableError
from wiredesk.wire.mapping import apply_mapping
from wiredesk.wire.models import Feed
from wiredesk.wire.policy import freeze, rules_of
from wiredesk.wire.stored import stored

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 20  # items of one file


class TrialForm(forms.Form):
    """A file, or what somebody pasted."""

    file = forms.FileField(label=_("File"), required=False)
    pasted = forms.CharField(
        label=_("Or its text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a form with neither."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("file") and not cleaned.get("pasted"):
            raise forms.ValidationError(_now("Choose a file, or paste its text."))
        return cleaned

    def raw(self) -> bytes:
        """Give the bytes to read."""
        upload = self.cleaned_data.get("file")
        if upload:
            return bytes(upload.read())
        pasted: str = self.cleaned_data["pasted"]
        return pasted.encode()


@require_http_methods(["GET", "POST"])
@permission_required("wire.change_feed", raise_exception=True)
@never_cache
def token_view(request: HttpRequest, feed_id: int) -> HttpResponse:
    """Ask, then make a new token and show it in this one answer."""
    feed = get_object_or_404(Feed, pk=feed_id)
    token = (
        issue_token(feed=feed, by=signed_in(request))
        if request.method == "POST"
        else ""
    )
    return render(
        request,
        "wire/desk/feed_token.html",
        {
            "feed": feed,
            "token": token,
            "address": request.build_absolute_uri(f"/wire/{feed.slug}"),
            "header_title": _now("Push token"),
            "header_icon": "key",
        },
    )


@require_http_methods(["GET", "POST"])
@permission_required("wire.view_feed", raise_exception=True)
@never_cache
def trial_view(request: HttpRequest, feed_id: int) -> HttpResponse:
    """Read a file as this feed would and show what comes of it; nothing is stored."""
    feed = get_object_or_404(Feed, pk=feed_id)
    form = TrialForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {
        "feed": feed,
        "form": form,
        "header_title": _now("Try a file"),
        "header_icon": "search",
    }
    if request.method == "POST" and form.is_valid():
        context |= _trial(feed, form.raw())
    return render(request, "wire/desk/feed_trial.html", context)


def _trial(feed: Feed, raw: bytes) -> dict[str, Any]:
    if len(raw) > cap_of(feed):
        return {"problem": _now("It is larger than this feed's deliveries may be.")}
    try:
        items = read(raw)
    except UnreadableError as problem:
        return {"problem": str(problem)}
    rules = rules_of([feed.pk]).get(feed.pk, [])
    now = timezone.now()
    shown = []
    for item in items[:SHOWN]:
        mapped = apply_mapping(item, feed.mapping)
        plain = stored(mapped)
        changed = [
            column.name
            for column in dataclasses.fields(item)
            if getattr(item, column.name) != getattr(mapped, column.name)
        ]
        shown.append(
            {
                "item": plain,
                "facts": facts_of(plain),
                "policy": freeze(feed, rules, mapped, now),
                "source": feed.source_of(item.source),
                "changed": ", ".join(changed),
            }
        )
    return {"items": shown, "more": max(0, len(items) - SHOWN)}
