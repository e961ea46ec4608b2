"""An editor saves a story without publishing it."""

from __future__ import annotations

from wagtail.actions.edit import EditAction

from wiredesk.stories.models import Story


class EditStory(EditAction):
    """Save a draft as a version of its own; the story's row keeps what it says.

    Wagtail writes the row itself of whatever isn't live. A held or embargoed story isn't,
    and half-typed words on its row would go out with the next order or by the clock.
    Only a story of the station's own that was never public has no words to protect.
    """

    def _save_instance(self) -> None:
        story: Story = self.instance
        if story.source or story.path:
            if self.form:
                self.instance = self.form.save(commit=False)
        else:
            super()._save_instance()
