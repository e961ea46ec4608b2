"""Lists in Wagtail's admin that nobody adds to, edits or deletes from."""

from __future__ import annotations

from typing import Any

from wagtail.admin.viewsets.model import ModelViewSet

SERVED = frozenset({"index", "index_results", "inspect"})
WRITES = ("add_url_name", "copy_url_name", "edit_url_name", "delete_url_name")


class ReadOnlyViewSet(ModelViewSet):
    """A list, and with ``inspect_view_enabled`` the single row: no other address."""

    copy_view_enabled = False
    add_to_reference_index = False
    # Wagtail builds a form class even where no form is served.
    form_fields = ["id"]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Offer no button that would write."""
        common: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        return common | dict.fromkeys(WRITES)

    def get_urlpatterns(self) -> list[Any]:
        """Serve the list and the single row only."""
        return [
            pattern for pattern in super().get_urlpatterns() if pattern.name in SERVED
        ]
