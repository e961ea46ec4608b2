"""Streams of every format over HTTP: each surface shows what stands, through Varnish.

Twelve streams run in the suite. ``make drill-streams`` runs 300; its ``SETTINGS`` are given
to the site, so that the same can be proved with other caches on.
"""

from __future__ import annotations

import os
from random import Random

import pytest

from tests.delivery.cached_site import cached_site
from tests.delivery.desk_line import desk_line
from tests.delivery.streaming import Streaming, a_run

pytestmark = [pytest.mark.processes, pytest.mark.slow]
STREAMS = int(os.environ.get("WIREDESK_DRILL_STREAMS", "12"))
SEED = int(os.environ.get("WIREDESK_DRILL_SEED", "1"))
SETTINGS = os.environ.get("WIREDESK_DRILL_SETTINGS", "")
ABREAST = 18  # fewer than a list has places


def test_every_surface_agrees_with_the_standing_after_every_step(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    settings = dict(word.split("=", maxsplit=1) for word in SETTINGS.split())
    random = Random(SEED)  # noqa: S311 - the same streams again, no secrets
    home = tmp_path_factory.mktemp("streams")
    with (
        cached_site(home, settings) as cached,
        desk_line(cached.site.environment) as desk,
    ):
        streaming = Streaming(cached, desk, desk.ask("feeds"), random)
        for first in range(0, STREAMS, ABREAST):
            numbers = range(first, min(first + ABREAST, STREAMS))
            streaming.go([a_run(random, SEED, number) for number in numbers])
    assert streaming.lit > 0
    assert streaming.orders > streaming.refused
    _tell(streaming)


def _tell(streaming: Streaming) -> None:
    seconds = sorted(streaming.seconds)
    print(  # noqa: T201
        f"\n{STREAMS} streams, {streaming.steps} deliveries, {streaming.orders} orders "
        f"({streaming.refused} refused); surfaces agreed after p50 "
        f"{seconds[len(seconds) // 2]:.2f} s, p99 {seconds[len(seconds) * 99 // 100]:.2f} s,"
        f" max {seconds[-1]:.2f} s, the asking included"
    )
