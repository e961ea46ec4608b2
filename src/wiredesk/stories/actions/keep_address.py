"""Keep the default site's address as the settings say it."""

from __future__ import annotations

from urllib.parse import urlsplit

from wagtail.models import Site

_PORTS = {"http": 80, "https": 443}


def keep_address(*, base_url: str) -> None:
    """Give the default site the host and the port of ``base_url``, such as ``https://a.b``.

    Canonical addresses, feeds and what machines read are made of them. Sites beside it
    keep what the desk gave them. Writes only where something differs.
    """
    parts = urlsplit(base_url)
    host = parts.hostname or "localhost"
    port = parts.port or _PORTS.get(parts.scheme, 80)
    site = Site.objects.filter(is_default_site=True).first()
    if site is None or (site.hostname, site.port) == (host, port):
        return
    if Site.objects.filter(hostname=host, port=port).exists():
        return  # another site has this address: whose it is, the desk decides
    site.hostname, site.port = host, port
    site.save()
