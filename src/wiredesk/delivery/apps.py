from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.core.signals import request_finished

if TYPE_CHECKING:
    from wiredesk.delivery.proof.prove import Prover
    from wiredesk.delivery.purge.drain import Drain


class DeliveryConfig(AppConfig):
    name = "wiredesk.delivery"
    label = "delivery"

    def ready(self) -> None:
        from wiredesk.delivery import receivers  # noqa: F401  (connects signals)
        from wiredesk.delivery.proof.prove import Prover
        from wiredesk.delivery.purge.drain import Drain
        from wiredesk.delivery.purge.targets import all_targets
        from wiredesk.delivery.robots import security_contacts
        from wiredesk.stories.actions.fetch_picture import (
            fetch_pictures_from_folders,
            fetch_pictures_from_network,
        )
        from wiredesk.wire.worker import register_step

        register_step("pictures from folders", 0.5, fetch_pictures_from_folders)
        register_step("pictures from the network", 1.0, fetch_pictures_from_network)
        request_finished.connect(_settle_what_is_over, dispatch_uid="delivery.store")
        all_targets()  # settings that can't be used stop the start
        security_contacts()
        register_step("purge", 0, _Lazily(Drain).turn)
        register_step("proof", 0, _Lazily(Prover).turn)


def _settle_what_is_over(**_kwargs: object) -> None:
    from wiredesk.delivery.store.changes import settle_what_is_over

    settle_what_is_over()


class _Lazily:
    """Makes a step's memory when it first runs: threads don't survive a fork."""

    def __init__(self, kind: type[Drain] | type[Prover]) -> None:
        self.kind = kind
        self.made: Drain | Prover | None = None

    def turn(self) -> None:
        """Let the step take its turn."""
        if self.made is None:
            self.made = self.kind()
        self.made.turn()
