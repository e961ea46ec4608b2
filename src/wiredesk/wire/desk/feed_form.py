"""The form in which a feed is configured, and what it refuses."""

from __future__ import annotations

import json
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from wiredesk.wire.mapping import KEYS, MEANINGS, mapping_problems
from wiredesk.wire.models import Feed

_SOURCE = re.compile(r"[-a-zA-Z0-9_]{1,60}\Z")


class ObjectField(forms.JSONField):
    """A JSON object in a text area, a line a key, so that a person can read it."""

    widget = forms.Textarea(attrs={"rows": 8, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        """Give the object as indented JSON; what was typed wrongly stays as typed."""
        if isinstance(value, dict):
            return json.dumps(value, indent=2, ensure_ascii=False)
        return super().prepare_value(value)

    def to_python(self, value: Any) -> Any:
        """Give the object; raises ``ValidationError`` that says where the JSON breaks."""
        if isinstance(value, str) and value.strip():
            try:
                json.loads(value)
            except ValueError as error:
                raise ValidationError(
                    _now("This is no JSON: %(problem)s.") % {"problem": error}
                ) from error
        return super().to_python(value)


class FeedForm(WagtailAdminModelForm):
    """A feed's settings; refuses what could not work."""

    speaks_for = ObjectField(
        label=_("also speaks for"),
        required=False,
        help_text=_(
            "Other providers whose copy this feed may bring, change and kill, each as it "
            'is written and with the source it means: {"Northline News": "northline"}. '
            "Copy of a provider that isn't named here belongs to this feed's own source."
        ),
    )
    mapping = ObjectField(
        label=_("mapping"),
        required=False,
        help_text=_(
            "The agency's habits, as JSON. “signals” says what a signal means (%(meanings)s), "
            "“subjects” which Media Topic a code of the agency's is, “urgencies” which "
            "urgency one of theirs is, “urgency” and “language” what counts where an item "
            'says none. For example: {"signals": {"ANNULE": "kill"}, "subjects": '
            '{"POL": "11000000"}, "language": "fr"}.'
        )
        % {"meanings": ", ".join(sorted(MEANINGS))},
    )

    def clean_speaks_for(self) -> dict[str, str]:
        """Give the providers; each must lead to a source's name."""
        granted = self.cleaned_data["speaks_for"] or {}
        if not isinstance(granted, dict):
            raise ValidationError(_now("This is a JSON object: provider and source."))
        wrong = [
            provider
            for provider, source in granted.items()
            if not isinstance(source, str) or not _SOURCE.match(source)
        ]
        if wrong:
            raise ValidationError(
                _now(
                    "A source's name has only letters, digits, hyphens and underscores: "
                    "look at %(providers)s."
                )
                % {"providers": ", ".join(wrong)}
            )
        return granted

    def clean_mapping(self) -> dict[str, Any]:
        """Give the mapping; every sentence about what is wrong with it is an error."""
        mapping = self.cleaned_data["mapping"] or {}
        if problems := mapping_problems(mapping):
            raise ValidationError([ValidationError(problem) for problem in problems])
        return {key: mapping[key] for key in mapping if key in KEYS}

    def clean(self) -> dict[str, Any]:
        """Refuse a polled feed without an address, and polls that never rest."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("transport") == Feed.Transport.POLL:
            if not cleaned.get("address"):
                self.add_error("address", _now("Say which address is to be polled."))
            if (cleaned.get("poll_seconds") or 0) < 10:
                self.add_error(
                    "poll_seconds", _now("Ten seconds at least: servers lock out more.")
                )
        return cleaned
