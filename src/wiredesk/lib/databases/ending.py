"""What a connection says of its transaction's end, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.dispatch import Signal

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    _Database = BaseDatabaseWrapper
else:
    _Database = object

# Sent with ``connection``. Whoever hears the first sees what the transaction wrote, as
# nobody else does yet; what he raises undoes it. The second comes after what was undone,
# and is no time to ask the database: that would begin another transaction.
committing = Signal()
rolled_back = Signal()


class SaysHowItEnds(_Database):
    """Goes before one of Django's databases."""

    _is_about_to_commit = False

    def close_if_unusable_or_obsolete(self) -> None:
        """Close where a request's end may: not in the midst of a transaction's end."""
        # Django takes a connection that is about to commit for one left in a mess.
        if not self._is_about_to_commit:
            super().close_if_unusable_or_obsolete()

    def commit(self) -> None:
        """Commit, once it was said that it will be."""
        self._is_about_to_commit = True
        try:
            committing.send(sender=type(self), connection=self)
        except BaseException:
            # Django itself undoes a transaction only for what the database refuses.
            self.rollback()
            raise
        finally:
            self._is_about_to_commit = False
        super().commit()

    def rollback(self) -> None:
        """Undo, and say so."""
        super().rollback()
        rolled_back.send(sender=type(self), connection=self)
