"""What a connection says of its transaction's end, and how."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from django.db.transaction import TransactionManagementError
from django.dispatch import Signal

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    _Database = BaseDatabaseWrapper
else:
    _Database = object

# Sent with ``connection``. Whoever hears the first sees what the transaction wrote, as
# nobody else does yet, and writes nothing: others may have looked already. What he raises
# is logged and stands in nobody's way. The second comes after what was undone, and is no
# time to ask the database: that would begin another transaction.
committing = Signal()
rolled_back = Signal()


class SaysHowItEnds(_Database):
    """Goes before one of Django's databases."""

    _is_about_to_commit = False

    def is_in_transaction(self) -> bool:
        """Tell whether a transaction may be under way that can still be committed."""
        return self.connection is not None

    def close_if_unusable_or_obsolete(self) -> None:
        """Close where a request's end may: not in the midst of a transaction's end."""
        # Django takes a connection that is about to commit for one left in a mess.
        if not self._is_about_to_commit:
            super().close_if_unusable_or_obsolete()

    def commit(self) -> None:
        """Commit, once it was said that it will be.

        Raises ``TransactionManagementError``, and undoes what there is, where the
        transaction didn't outlive that: the database would call it committed.
        """
        self.validate_no_atomic_block()
        had_begun = self.is_in_transaction()
        with ExitStack() as unless_all_is_well:
            # Django itself undoes a transaction only for what the database refuses.
            unless_all_is_well.callback(self.rollback)
            self._say_that_it_ends()
            self._require(is_under_way=had_begun)
            unless_all_is_well.pop_all()
        super().commit()

    def _say_that_it_ends(self) -> None:
        self._is_about_to_commit = True
        try:
            committing.send_robust(sender=type(self), connection=self)
        finally:
            self._is_about_to_commit = False
            self._leave_blocks()

    def _leave_blocks(self) -> None:
        """Leave an inner block that couldn't even begin, the connection having been lost.

        Django doesn't: whoever is in one for ever can connect no more.
        """
        self.in_atomic_block = False
        self.savepoint_ids = []
        self.atomic_blocks = []

    def _require(self, *, is_under_way: bool) -> None:
        is_lost = is_under_way and not self.is_in_transaction()
        if self.needs_rollback or is_lost:
            raise TransactionManagementError(
                "The transaction was broken off by who heard that it ends."
            )

    def rollback(self) -> None:
        """Undo, and say so."""
        super().rollback()
        rolled_back.send_robust(sender=type(self), connection=self)
