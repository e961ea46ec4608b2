"""The demo's own pictures: all there, the right size, the same every time."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

import wiredesk.demo.pictures
from wiredesk.demo.pictures.captions import CAPTIONS
from wiredesk.demo.pictures.gallery import draw, draw_all
from wiredesk.demo.station import authors
from wiredesk.demo.story import copies

FEEDS = ("meridian", "halyard", "lodestar", "newsroom")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return draw_all(tmp_path_factory.mktemp("pictures"))


def test_every_picture_draws_and_no_two_are_alike(drawn: list[Path]) -> None:
    assert len(CAPTIONS) >= 30
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in drawn}
    assert len(digests) == len(drawn)
    for path in drawn:
        with Image.open(path) as image:
            small = path.stem not in CAPTIONS
            assert image.size == ((640, 640) if small else (1600, 1067))


def test_a_picture_is_the_same_each_time(drawn: list[Path], tmp_path: Path) -> None:
    first = next(path for path in drawn if path.stem == "skyline")
    assert draw("skyline", tmp_path).read_bytes() == first.read_bytes()


def test_every_author_has_a_portrait(drawn: list[Path]) -> None:
    assert {author.portrait for author in authors()} <= {path.name for path in drawn}


def test_every_picture_says_what_it_is_and_is_used() -> None:
    used = {copy.picture for feed in FEEDS for copy in copies(feed)}
    assert used - {""} == set(CAPTIONS)
    for caption in CAPTIONS.values():
        assert caption.credit.startswith("Illustration: ")
        assert caption.alt != caption.caption


@pytest.mark.parametrize("name", ["logo.svg", "logo-dark.svg", "favicon.svg"])
def test_the_stations_marks_are_drawings_without_script(name: str) -> None:
    folder = Path(wiredesk.demo.pictures.__file__).parent
    root = etree.fromstring((folder / name).read_bytes())
    assert etree.QName(root).localname == "svg"
    assert not list(root.iter("{*}script", "{*}style"))
