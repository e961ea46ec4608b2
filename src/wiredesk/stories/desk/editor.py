"""The story's form on the desk: saved beside what the wire sent meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.generic import RevisionsRevertMixin
from wagtail.snippets.views.snippets import EditView

from wiredesk.stories.actions.bring_up_to_date import is_killed, words_base
from wiredesk.stories.actions.publish_edit import Done

if TYPE_CHECKING:
    from django.http import HttpResponse

    from wiredesk.stories.forms import StoryForm


class StoryEditView(EditView):
    """Says what became of the words where the wire moved on under an open form."""

    published: Done | None = None

    def get_form(self, form_class: type[StoryForm] | None = None) -> StoryForm:
        """Give the form; what a script saves on its own is kept as it was typed."""
        form: StoryForm = super().get_form(form_class)
        form.keeps_base = self.expects_json_response
        return form

    def publish_action(self) -> HttpResponse | None:
        """Publish the new version and keep what became of it."""
        answer: HttpResponse | None = self.run_hook(
            "before_publish", self.request, self.object
        )
        if answer is not None:
            return answer
        # Whether the user may was asked when the action was offered.
        self.published = self.new_revision.publish(
            user=self.request.user, skip_permission_checks=True
        )
        answer = self.run_hook("after_publish", self.request, self.object)
        return answer or None

    def get_success_message(self, instance: Any = None) -> str | None:
        """Give what was done; what else the editor must know is said beside it."""
        if self.published is Done.KILLED:
            text = _(
                "The agency killed this story. What you wrote is saved as a draft; "
                "readers see none of it."
            )
            messages.warning(self.request, text)
            return None
        if self.published is Done.CONFLICT:
            text = _(
                "The agency changed the same words this moment. What you wrote is "
                "saved as a draft: save it again to choose."
            )
            messages.warning(self.request, text)
            return None
        if self.form.merged_with is not None:
            messages.info(
                self.request,
                _(
                    "The agency sent version %(version)s while you wrote: it is merged "
                    "with what you wrote. Look at the text once more."
                )
                % {"version": self.form.merged_with.version or "–"},
            )
        elif self.object.source and is_killed(self.object, words_base(self.object)):
            messages.warning(
                self.request, _("The agency killed this story: it stays dark.")
            )
        said: str | None = super().get_success_message()
        return said

    def get_success_url(self) -> str:
        """Stay with what could not be published."""
        if self.published in (Done.KILLED, Done.CONFLICT):
            return str(self.get_edit_url())
        return str(super().get_success_url())


class StoryRevertView(RevisionsRevertMixin, StoryEditView):  # type: ignore[misc]
    """Going back to an earlier version: saved as any draft is, off the story's row."""

    view_name = "revisions_revert"

    def save_instance(self) -> Any:
        """Save the earlier version as a new one.

        Wagtail's own would write the row of whatever isn't live.
        """
        action = self.action_class(
            self.form.instance,
            user=self.request.user,
            form=self.form,
            previous_revision=self.revision,
            clean=not self.saving_as_draft,
        )
        self.has_content_changes = self.form.has_changed()
        instance = action.execute(skip_permission_checks=True)
        self.new_revision = action.revision
        return instance
