"""Draws certificates as one page of HTML that needs nothing else, to print or keep."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.template.loader import render_to_string

from wiredesk.delivery.certificate.gather import Certificate
from wiredesk.delivery.certificate.picture import PictureCertificate

_STYLE = Path(__file__).resolve().parents[1] / "static" / "delivery" / "certificate.css"


def page(
    certificates: Sequence[Certificate], pictures: Sequence[PictureCertificate] = ()
) -> str:
    """Give the page; its style stands in it, for a file has no site beside it."""
    context = {
        "certificates": certificates,
        "pictures": pictures,
        "style": _STYLE.read_text(encoding="utf-8"),
    }
    return render_to_string("delivery/certificate.html", context).strip()
