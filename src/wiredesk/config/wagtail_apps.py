"""Wagtail's apps, started without the JSON interface that this site doesn't offer.

Wagtail's own start makes the schemas of that interface, and for them loads every screen
of the desk: two fifths of what a command or a restart takes. Each ``ready`` here does what
Wagtail's does but for that; tests/config/test_start.py tells if Wagtail's does more.
"""

from __future__ import annotations

from django.db.models import ForeignKey
from django.db.models.signals import post_migrate
from wagtail.documents.apps import WagtailDocsAppConfig
from wagtail.images.apps import WagtailImagesAppConfig
from wagtail.snippets.apps import WagtailSnippetsAppConfig


class Documents(WagtailDocsAppConfig):
    """What Wagtail offers as documents."""

    def ready(self) -> None:
        """Say who may do what with them, and how the desk shows them."""
        from wagtail.admin.ui.fields import register_display_class
        from wagtail.documents import get_document_model, get_permission_policy
        from wagtail.documents.components import DocumentDisplay
        from wagtail.documents.signal_handlers import register_signal_handlers
        from wagtail.models.reference_index import ReferenceIndex
        from wagtail.permissions import register_permission_policy

        document = get_document_model()
        register_permission_policy(document, get_permission_policy())
        register_signal_handlers()
        register_display_class(ForeignKey, to=document, display_class=DocumentDisplay)
        ReferenceIndex.register_model(document)


class Images(WagtailImagesAppConfig):
    """The desk's pictures."""

    def ready(self) -> None:
        """Say who may do what with them, and how the desk chooses and shows them."""
        from wagtail.admin.compare import register_comparison_class
        from wagtail.admin.forms.models import register_form_field_override
        from wagtail.admin.ui.fields import register_display_class
        from wagtail.images import get_image_model, get_permission_policy
        from wagtail.images.components import ImageDisplay
        from wagtail.images.edit_handlers import ImageFieldComparison
        from wagtail.images.signal_handlers import register_signal_handlers
        from wagtail.images.widgets import AdminImageChooser
        from wagtail.models.reference_index import ReferenceIndex
        from wagtail.permissions import register_permission_policy

        image = get_image_model()
        register_permission_policy(image, get_permission_policy())
        register_signal_handlers()
        register_form_field_override(
            ForeignKey, to=image, override={"widget": AdminImageChooser}
        )
        register_comparison_class(
            ForeignKey, to=image, comparison_class=ImageFieldComparison
        )
        register_display_class(ForeignKey, to=image, display_class=ImageDisplay)
        ReferenceIndex.register_model(image)


class Snippets(WagtailSnippetsAppConfig):
    """Stories, authors and topics as the desk edits them."""

    def ready(self) -> None:
        """Register those known so far; those of the desk's screens come with them."""
        from wagtail.snippets.models import (
            create_extra_permissions,
            register_deferred_snippets,
        )

        register_deferred_snippets()
        post_migrate.connect(create_extra_permissions, sender=self)
