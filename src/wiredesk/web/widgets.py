"""Form controls that Django's own are too slow for, and a field drawn with its label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.forms import BoundField


class QuickInput(forms.TextInput):
    """A field of one line, without the two templates that Django draws one by."""

    def __init__(self, attrs: Any = None, *, kind: str = "text") -> None:
        super().__init__(attrs)
        self.input_type = kind

    def render(
        self, name: str, value: Any, attrs: Any = None, renderer: Any = None
    ) -> SafeString:
        """Give the control as HTML."""
        given = {"type": self.input_type, "name": name}
        shown = self.format_value(value)
        if shown is not None:
            given["value"] = shown
        return format_html(
            "<input{}>", flatatt({**given, **self.build_attrs(self.attrs, attrs)})
        )


class LongSelect(forms.Select):
    """A choice among many: Django draws each option by a template of its own.

    For a thousand topics that is a twentieth of a second, and here a thousandth. With
    ``drawn`` these are the options: a field would look at each of its own at every turn.
    """

    drawn: Callable[[], SafeString] | None = None

    def use_required_attribute(self, initial: Any) -> bool:
        """Tell whether it must be chosen from; Django's looks at the choices for that."""
        return self.is_required and super().use_required_attribute(initial)

    def render(
        self, name: str, value: Any, attrs: Any = None, renderer: Any = None
    ) -> SafeString:
        """Give the control as HTML."""
        options = self.drawn() if self.drawn else draw_options(self.choices)
        return format_html(
            "<select{}>{}</select>",
            flatatt({**self.build_attrs(self.attrs, attrs), "name": name}),
            _with_chosen(options, "" if value is None else f"{value}"),
        )


def draw_options(choices: Iterable[tuple[Any, Any]]) -> SafeString:
    """Give values and what is read of them as HTML; none is chosen."""
    return format_html_join("", '<option value="{}">{}</option>', choices)


def _with_chosen(options: SafeString, value: str) -> SafeString:
    """Give options with one of them chosen; what isn't among them is as if nothing were."""
    chosen = format_html('<option value="{}"', value)
    before, found, after = options.partition(chosen)
    if not found and value:
        return _with_chosen(options, "")
    # A safe text cut between two options is safe.
    return SafeString(f"{before}{found} selected{after}") if found else options


def draw_field(field: BoundField) -> SafeString:
    """Draw a field of a form with its label and what is wrong with it."""
    errors = format_html_join(
        "",
        '<p class="field-error" id="{}_error">{}</p>',
        ((field.id_for_label, error) for error in field.errors),
    )
    return format_html(
        '<div class="field{}"><label for="{}">{}</label>{}{}</div>',
        " has-error" if errors else "",
        *(field.id_for_label, field.label, field, errors),
    )
