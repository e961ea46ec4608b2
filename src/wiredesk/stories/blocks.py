"""The blocks of a story's body.

Text is what the rich-text editor can hold; everything it would flatten (tables,
preformatted text, figures) is a locked block whose bytes nobody's editor touches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.forms import Textarea
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import RawHTMLBlock, RichTextBlock, StructBlock, TextBlock
from wagtail.images.blocks import ImageChooserBlock

if TYPE_CHECKING:
    from wagtail.rich_text import RichText

TEXT_FEATURES = ["h2", "h3", "h4", "bold", "italic", "ol", "ul", "link", "blockquote"]


class WrittenBlock(RichTextBlock):
    """Paragraphs, headings, lists and links, as the rich-text editor can hold them."""

    def value_for_form(self, value: RichText) -> str:
        """Give the editor's HTML; its converter refuses a ``<br>`` left open."""
        return str(value.source).replace("<br>", "<br/>")

    class Meta:
        icon = "pilcrow"


class PictureBlock(StructBlock):
    """A picture between paragraphs."""

    picture = ImageChooserBlock()
    caption = TextBlock(required=False)

    class Meta:
        icon = "image"
        template = "stories/blocks/picture.html"


class LockedBlock(RawHTMLBlock):
    """HTML from the wire that is kept byte for byte and can't be edited here.

    The text area only shows it: whatever comes back from the form, the body keeps the
    block's bytes (``stories.editing``).
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.field.widget = Textarea(attrs={"readonly": True, "rows": 6})

    class Meta:
        icon = "lock"
        template = "stories/blocks/locked.html"


BODY_BLOCKS = [
    ("text", WrittenBlock(label=_("text"), features=TEXT_FEATURES, required=False)),
    ("locked", LockedBlock(label=_("kept as it came"))),
    ("picture", PictureBlock(label=_("picture"))),
]
