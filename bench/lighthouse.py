"""How Lighthouse judges a story's page; ``make lighthouse`` runs it.

Needs Chromium and Lighthouse: ``npm install lighthouse`` in this folder's parent, or
name the program in ``--program``. A machine that is busy with something else lowers the
figure for performance, so run it alone. Each page is judged twice: for its very first
reader, for whom pictures are still to be drawn, and for all others, which is what counts.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests import live, requires

ROOT = Path(__file__).resolve().parents[1]
LEAST = {"accessibility": 100, "best-practices": 100, "seo": 100, "performance": 99}
MOST_SHIFT = 0.01
FIGURES = (
    "first-contentful-paint",
    "largest-contentful-paint",
    "total-blocking-time",
    "cumulative-layout-shift",
)
FILL = "import json; from tests.web.newsroom import fill; print(json.dumps(fill()))"


def main() -> int:
    """Print the scores of a story with pictures and one without; 1 where one is low."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", default=_lighthouse())
    program = parser.parse_args().program
    if not program:
        print("Lighthouse is missing: npm install lighthouse", file=sys.stderr)  # noqa: T201
        return 2
    with tempfile.TemporaryDirectory() as folder:
        site = live.start(Path(folder) / "site", settings={"PYTHONPATH": str(ROOT)})
        try:
            paths = json.loads(site.python(FILL).splitlines()[-1])
            pages = ("wire story", "story from right to left")
            low = [
                line
                for name in pages
                for line in _judge(program, f"{site.url}{paths[name]}", Path(folder))
            ]
        finally:
            site.stop()
    print("\n".join(["", *low]) if low else "\nAll of it reached.")  # noqa: T201
    return 1 if low else 0


def _lighthouse() -> str:
    near = ROOT / "node_modules" / ".bin" / "lighthouse"
    return str(near) if near.exists() else shutil.which("lighthouse") or ""


def _judge(program: str, address: str, folder: Path) -> list[str]:
    first = _ask(program, address, folder)["categories"]["performance"]["score"]
    found = _ask(program, address, folder)
    print(address)  # noqa: T201
    print(f"  {'performance, first reader':<26} {round(first * 100):>6}")  # noqa: T201
    low = []
    for name, least in LEAST.items():
        score = round(found["categories"][name]["score"] * 100)
        print(f"  {name:<26} {score:>6}   at least {least}")  # noqa: T201
        if score < least:
            missed = ", ".join(_missed(found, name))
            low.append(f"{address}: {name} is {score}, not {least}: {missed}.")
    for name in FIGURES:
        print(f"  {name:<26} {found['audits'][name]['displayValue']:>6}")  # noqa: T201
    shift = found["audits"]["cumulative-layout-shift"]["numericValue"]
    if shift > MOST_SHIFT:
        low.append(f"{address}: what is read shifts by {shift:.3f}.")
    return low


def _ask(program: str, address: str, folder: Path) -> dict[str, Any]:
    """Give Lighthouse's report of one load, in a browser that has nothing kept."""
    report = folder / "report.json"
    chromium = requires.PARTS["chromium"].find()
    flags = "--headless=new --no-sandbox --disable-dev-shm-usage"
    words = [program, address, "--quiet", "--output=json", f"--output-path={report}"]
    words += [f"--chrome-flags={flags}", f"--only-categories={','.join(LEAST)}"]
    subprocess.run(  # noqa: S603
        words, check=True, env={**os.environ, "CHROME_PATH": str(chromium)}, timeout=300
    )
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


def _missed(found: dict[str, Any], category: str) -> list[str]:
    """Give the titles of what took points from a category."""
    audits = found["audits"]
    weighed = (
        audits[each["id"]]
        for each in found["categories"][category]["auditRefs"]
        if each["weight"]
    )
    return [
        str(audit["title"])
        for audit in weighed
        if audit["score"] is not None and audit["score"] < 1
    ]


if __name__ == "__main__":
    sys.exit(main())
