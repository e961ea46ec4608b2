"""A real Varnish before a site, with the example's own VCL."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.live import free_port

VCL = Path(__file__).resolve().parents[1] / "examples" / "varnish" / "wiredesk.vcl"
START_LIMIT = 30.0  # seconds; the VCL is compiled first


@contextmanager
def varnish(
    program: Path, folder: Path, *, origin: int, port: int | None = None
) -> Iterator[str]:
    """Run Varnish before the port ``origin`` of this machine; gives its address."""
    port = port or free_port()
    folder.mkdir(parents=True, exist_ok=True)
    vcl = folder / "site.vcl"
    text = VCL.read_text(encoding="utf-8")
    assert text.count('.port = "8000"') == 1
    vcl.write_text(text.replace('.port = "8000"', f'.port = "{origin}"'))
    words = [str(program), "-F", "-j", "none", "-n", str(folder / "work")]
    words += ["-f", str(vcl), "-a", f"127.0.0.1:{port}", "-s", "malloc,64m"]
    # Few threads: the suite may run on a small machine.
    words += ["-p", "thread_pools=1", "-p", "thread_pool_min=10"]
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            words,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"},
        )
    try:
        _wait(process, f"http://127.0.0.1:{port}", folder / "output.txt")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait(process: subprocess.Popen[bytes], address: str, output: Path) -> None:
    end = time.monotonic() + START_LIMIT
    while time.monotonic() < end and process.poll() is None:
        try:
            # Not a page: an answer that Varnish would keep mustn't begin a test.
            httpx.request("BAN", f"{address}/", timeout=5)
            return
        except httpx.TransportError:
            time.sleep(0.05)
    process.kill()
    raise AssertionError(f"Varnish didn't start:\n{output.read_text('utf-8')}")
