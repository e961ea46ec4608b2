"""A real nginx before a site, with the example's own configuration and a certificate."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.live import free_port

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "nginx" / "wiredesk.conf"
START_LIMIT = 30.0
MAIN = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/wiredesk.conf;
}}
"""


@dataclass(frozen=True)
class Front:
    """The addresses nginx answers at, and the certificate to trust."""

    plain: str
    tls: str
    certificate: Path


@contextmanager
def nginx(
    program: Path, openssl: Path, folder: Path, *, origin: int, names: str
) -> Iterator[Front]:
    """Run nginx before the port ``origin`` of this machine, for the hosts ``names``."""
    folder.mkdir(parents=True, exist_ok=True)
    plain, tls = free_port(), free_port()
    certificate = _certificate(openssl, folder, names.split())
    text = EXAMPLE.read_text(encoding="utf-8")
    for pattern, instead in (
        (r"listen \[::\].*;", ""),
        (r"listen 80;", f"listen 127.0.0.1:{plain};"),
        (r"listen 443 ", f"listen 127.0.0.1:{tls} "),
        (r"server 127\.0\.0\.1:8000;", f"server 127.0.0.1:{origin};"),
        (r"server_name .*;", f"server_name {names};"),
        (r"ssl_certificate .*;", f"ssl_certificate {certificate};"),
        (r"ssl_certificate_key .*;", f"ssl_certificate_key {folder}/key.pem;"),
    ):
        text, found = re.subn(pattern, instead, text)
        assert found, pattern
    (folder / "wiredesk.conf").write_text(text)
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder))
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            [str(program), "-p", str(folder), "-c", str(folder / "nginx.conf")],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(process, f"http://127.0.0.1:{plain}", folder / "output.txt")
        yield Front(
            f"http://127.0.0.1:{plain}", f"https://127.0.0.1:{tls}", certificate
        )
    finally:
        process.terminate()
        process.wait(10)


def _certificate(openssl: Path, folder: Path, names: list[str]) -> Path:
    certificate = folder / "certificate.pem"
    also = ",".join(["IP:127.0.0.1", *(f"DNS:{name}" for name in names)])
    words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    words += ["-subj", f"/CN={names[0]}", "-addext", f"subjectAltName={also}"]
    words += ["-keyout", str(folder / "key.pem"), "-out", str(certificate)]
    subprocess.run([str(openssl), *words], check=True, capture_output=True)
    return certificate


def _wait(process: subprocess.Popen[bytes], address: str, output: Path) -> None:
    end = time.monotonic() + START_LIMIT
    while time.monotonic() < end and process.poll() is None:
        try:
            httpx.get(address, timeout=5)
            return
        except httpx.TransportError:
            time.sleep(0.05)
    process.kill()
    raise AssertionError(f"nginx didn't start:\n{output.read_text('utf-8')}")
