"""Form controls that Django's own are too slow for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join

if TYPE_CHECKING:
    from django.utils.safestring import SafeString


class LongSelect(forms.Select):
    """A choice among many: Django draws each option by a template of its own.

    For a thousand topics that is a twentieth of a second, and here a thousandth.
    """

    def render(
        self, name: str, value: Any, attrs: Any = None, renderer: Any = None
    ) -> SafeString:
        """Give the control as HTML."""
        chosen = "" if value is None else str(value)
        options = (
            (number, " selected" if str(number) == chosen else "", label)
            for number, label in self.choices
        )
        return format_html(
            "<select{}>{}</select>",
            flatatt({**self.build_attrs(self.attrs, attrs), "name": name}),
            format_html_join("", '<option value="{}"{}>{}</option>', options),
        )
