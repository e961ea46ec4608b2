"""QCodes: what ``medtop:15000000`` stands for, by the aliases a file may count on.

The table below holds facts, alias and address, of IPTC's own lists only; a file's inline
``catalog`` (NewsML-G2, catalog) adds to it and outranks it. A catalog that is only
referred to is never fetched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from wiredesk.wire.formats.xml import children, local

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

_LISTS = "http://cv.iptc.org/newscodes/"
STANDARD: Mapping[str, str] = {
    "cinat": f"{_LISTS}cinature/",
    "cpnat": f"{_LISTS}cpnature/",
    "crel": f"{_LISTS}conceptrelation/",
    "ctrol": f"{_LISTS}contributorrole/",
    "drol": f"{_LISTS}descriptionrole/",
    "ednoterole": f"{_LISTS}ednoterole/",
    "encd": f"{_LISTS}encoding/",
    "genre": f"{_LISTS}genre/",
    "hltype": f"{_LISTS}hltype/",
    "irel": f"{_LISTS}itemrelation/",
    "isrol": f"{_LISTS}infosourcerole/",
    "medtop": f"{_LISTS}mediatopic/",
    "ninat": f"{_LISTS}ninature/",
    "nprov": f"{_LISTS}newsprovider/",
    "plinat": f"{_LISTS}plinature/",
    "prov": f"{_LISTS}provider/",
    "rnd": f"{_LISTS}rendition/",
    "sig": f"{_LISTS}signal/",
    "stat": f"{_LISTS}pubstatusg2/",
    "subj": f"{_LISTS}subjectcode/",
    "iso3166-1a2": "http://cvx.iptc.org/iso3166-1a2/",
    "iso3166-1a3": "http://cvx.iptc.org/iso3166-1a3/",
}
_MOST_ALIASES = 500


class Code(NamedTuple):
    """A code apart from its list. ``scheme`` is the list's address, else its alias."""

    code: str | None
    scheme: str | None


def with_catalogs(
    aliases: Mapping[str, str], element: etree._Element
) -> Mapping[str, str]:
    """Give the aliases as the inline catalogs directly below ``element`` set them."""
    found: dict[str, str] = {}
    for catalog in children(element, "catalog"):
        for scheme in children(catalog, "scheme"):
            alias, address = scheme.get("alias"), scheme.get("uri")
            if alias and address and len(found) < _MOST_ALIASES:
                found[alias.strip()] = address.strip()
    return {**aliases, **found} if found else aliases


def code_of(element: etree._Element, aliases: Mapping[str, str]) -> Code:
    """Give what the element's @qcode, @uri or @literal says, in that order."""
    if qcode := (element.get("qcode") or "").strip():
        alias, colon, code = qcode.partition(":")
        if not colon:
            return Code(qcode, None)
        return Code(code or None, aliases.get(alias, alias) or None)
    if address := (element.get("uri") or "").strip():
        return _from_address(address)
    if local(element) != "related" and (
        literal := (element.get("literal") or "").strip()
    ):
        return Code(literal, None)
    return Code(None, None)


def written(element: etree._Element, attribute: str = "qcode") -> str:
    """Give the code as the file writes it: the QCode, else the address, else ""."""
    value = element.get(attribute)
    if value is None:
        value = element.get("uri" if attribute == "qcode" else f"{attribute}uri")
    return (value or "").strip()


def bare(code: str) -> str:
    """Give the last word of a QCode or an address, in small letters."""
    return code.rstrip("/").rpartition("/")[2].rpartition(":")[2].lower()


def _from_address(address: str) -> Code:
    for separator in ("#", "/"):
        head, found, tail = address.rpartition(separator)
        if found and tail and not head.endswith(":/"):
            return Code(tail, head + separator)
    return Code(address, None)
