"""Addresses of pages, as the running site has them."""

from __future__ import annotations

from django.conf import settings


def address_of(path: str) -> str | None:
    """Give the full address of a page's path; None where there is no page."""
    return f"{_base()}{path}" if path else None


def _base() -> str:
    """Give the running site's address, since its PORT needn't be this command's."""
    noted = settings.WIREDESK_RUN / "address"
    try:
        return str(noted.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return str(settings.WIREDESK_BASE_URL)
