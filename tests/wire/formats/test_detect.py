"""The format is found in the bytes; what is no wire copy is refused by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from wiredesk.wire.formats.detect import FORMATS, detect, read
from wiredesk.wire.items import UnreadableError


@pytest.mark.parametrize("name", FORMATS)
def test_every_sample_is_known_for_what_it_is(samples: Path, name: str) -> None:
    files = sorted(path for path in (samples / name).iterdir() if path.is_file())
    assert files
    for path in files:
        assert detect(path.read_bytes()) == name, path.name


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("archive.zip", "zip archive"),
        ("packed.gz", "gzip"),
        ("picture.jpg", "JPEG"),
        ("picture.png", "PNG"),
        ("page.pdf", "PDF"),
        ("page.html", "web page"),
        ("plain.txt", "The ferry to Osk"),
        ("noise.bin", "data"),
        ("newsml-1.2.xml", "NewsML 1.2"),
        ("iptc7901.txt", "IPTC 7901"),
        ("iptc7901-without-soh.txt", "IPTC 7901"),
        ("schema.xsd", "XML schema"),
        ("schema.json", "JSON schema"),
        ("catalog.xml", "catalog"),
        ("unknown-root.xml", "harbour"),
        ("empty-message.xml", "holds no item"),
    ],
)
def test_what_is_no_wire_copy_is_called_by_its_name(
    samples: Path, name: str, reason: str
) -> None:
    with pytest.raises(UnreadableError, match=reason):
        read((samples / "hostile" / name).read_bytes())


def test_a_file_of_200_megabytes_is_refused_without_being_read() -> None:
    with pytest.raises(UnreadableError, match="209,715,200 bytes"):
        read(bytes(200 * 1024 * 1024))


def test_every_real_file_is_read_or_refused_with_a_reason(wire_samples: Path) -> None:
    lines = (wire_samples / "INDEX.tsv").read_text().splitlines()[1:]
    refused: dict[str, str] = {}
    for columns in (line.split("\t") for line in lines):
        try:
            read((wire_samples / columns[6]).read_bytes())
        except UnreadableError as error:
            refused[f"{columns[3]} {columns[6]}"] = str(error)
    assert all(len(reason) > 20 for reason in refused.values())
    whole = ("newsml-g2", "nitf ", "ninjs-3.0-pass", "ninjs-2.1-pass", "ninjs-1.0-pass")
    assert [name for name in refused if name.startswith(whole)] == []
