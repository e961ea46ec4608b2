"""NewsML-G2 2.35: a news item, a message with several, a package with its pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from wiredesk.demo.markup import Block, plain, xhtml
from wiredesk.demo.pictures.captions import CAPTIONS
from wiredesk.demo.topics import NAMES
from wiredesk.demo.writers.body import led_by_dateline
from wiredesk.demo.writers.xml import XML_LANG, add, embed, iso, serialise

if TYPE_CHECKING:
    from datetime import datetime

    from wiredesk.demo.agencies import Agency
    from wiredesk.demo.story import Dispatch

NAR = "http://iptc.org/std/nar/2006-10-01/"
XHTML = "http://www.w3.org/1999/xhtml"
CATALOG = "http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_38.xml"


def news_item(dispatch: Dispatch, agency: Agency) -> bytes:
    """Write one text item, in a message with its picture item where it has one."""
    if dispatch.copy.picture:
        sent = dispatch.version_created
        return news_message([dispatch], agency, sent, dispatch.copy.slug)
    return serialise(_text_item(dispatch, agency))


def news_message(
    dispatches: list[Dispatch], agency: Agency, sent: datetime, transmission: str
) -> bytes:
    """Write several text items as one transmission."""
    message, item_set = _message(agency, sent, transmission)
    for dispatch in dispatches:
        _append(item_set, dispatch, agency)
    return serialise(message)


def picture_package(
    dispatches: list[Dispatch], agency: Agency, sent: datetime, transmission: str
) -> bytes:
    """Write a package: its texts, the picture items they link to, and the package."""
    message, item_set = _message(agency, sent, transmission)
    package = _package(dispatches, agency, sent, transmission)
    item_set.append(package)
    for dispatch in dispatches:
        _append(item_set, dispatch, agency)
    return serialise(message)


def _append(item_set: etree._Element, dispatch: Dispatch, agency: Agency) -> None:
    item_set.append(_text_item(dispatch, agency))
    if dispatch.copy.picture:
        item_set.append(_picture_item(dispatch, agency))


def _message(
    agency: Agency, sent: datetime, transmission: str
) -> tuple[etree._Element, etree._Element]:
    message = etree.Element(f"{{{NAR}}}newsMessage", nsmap={None: NAR})
    header = add(message, "header")
    add(header, "sent", iso(sent))
    add(header, "sender", agency.domain)
    add(header, "transmitId", f"{agency.domain}:{transmission}:{sent:%Y%m%d%H%M%S}")
    add(header, "priority", "5")
    return message, add(message, "itemSet")


def _item(
    tag: str, guid: str, version: int, language: str, agency: Agency, year: int
) -> etree._Element:
    item = etree.Element(f"{{{NAR}}}{tag}", nsmap={None: NAR})
    item.set("standard", "NewsML-G2")
    item.set("standardversion", "2.35")
    item.set("conformance", "power")
    item.set("guid", guid)
    item.set("version", str(version))
    item.set(XML_LANG, language)
    add(item, "catalogRef", href=CATALOG)
    rights = add(item, "rightsInfo")
    holder = add(rights, "copyrightHolder", uri=f"https://{agency.domain}/")
    add(holder, "name", agency.copyright_holder)
    notice = agency.copyright.replace("{year}", str(year))
    add(rights, "copyrightNotice", notice)
    add(rights, "usageTerms", agency.usage_terms)
    return item


def _text_item(dispatch: Dispatch, agency: Agency) -> etree._Element:
    copy = dispatch.copy
    year = dispatch.version_created.year
    item = _item("newsItem", dispatch.guid, copy.version, copy.language, agency, year)
    _item_meta(item, dispatch, agency)
    _content_meta(item, dispatch, agency)
    _content(item, dispatch, agency)
    return item


def _item_meta(item: etree._Element, dispatch: Dispatch, agency: Agency) -> None:
    copy = dispatch.copy
    meta = add(item, "itemMeta")
    add(meta, "itemClass", qcode="ninat:text")
    add(add(meta, "provider", literal=agency.domain), "name", agency.name)
    add(meta, "versionCreated", iso(dispatch.version_created))
    add(meta, "firstCreated", iso(dispatch.first_created))
    if dispatch.embargoed:
        add(meta, "embargoed", iso(dispatch.embargoed))
    add(meta, "pubStatus", qcode=f"stat:{copy.status}")
    if copy.editor_note:
        add(meta, "edNote", copy.editor_note)
    if dispatch.public_note:
        # The role says why, the constraint is absent: readers may see this note.
        add(meta, "edNote", dispatch.public_note, role="ednoterole:public")
    if copy.signal:
        add(meta, "signal", qcode=f"sig:{copy.signal}")
    if copy.version > 1:
        add(
            meta,
            "link",
            rel="irel:previousVersion",
            residref=dispatch.guid,
            version=str(copy.version - 1),
        )
    if copy.picture:
        add(meta, "link", rel="irel:seeAlso", residref=_picture_guid(dispatch))
    if dispatch.expires:
        add(meta, "expires", iso(dispatch.expires))


def _content_meta(item: etree._Element, dispatch: Dispatch, agency: Agency) -> None:
    copy = dispatch.copy
    meta = add(item, "contentMeta")
    add(meta, "urgency", str(copy.urgency))
    add(meta, "contentCreated", iso(dispatch.first_created))
    add(meta, "contentModified", iso(dispatch.version_created))
    add(add(meta, "located", literal=copy.place), "name", copy.place)
    if copy.byline:
        add(add(meta, "creator", literal=copy.byline), "name", copy.byline)
    add(meta, "creditline", agency.credit)
    if copy.genre or copy.advisory:
        add(meta, "genre", qcode=f"genre:{'Advisory' if copy.advisory else copy.genre}")
    add(meta, "language", tag=copy.language)
    for keyword in copy.keywords:
        add(meta, "keyword", keyword)
    for code in copy.topics:
        subject = add(meta, "subject", type="cpnat:abstract", qcode=f"medtop:{code}")
        add(subject, "name", NAMES[code]).set(XML_LANG, "en-GB")
    add(meta, "slugline", copy.slugline)
    add(meta, "headline", dispatch.headline)
    if dispatch.subheadline:
        add(meta, "headline", dispatch.subheadline, role="hltype:subhead")
    add(meta, "dateline", agency.dateline(dispatch))
    if copy.byline:
        add(meta, "by", f"By {copy.byline}, {agency.short}")
    add(meta, "description", _summary(dispatch.blocks), role="drol:summary")


def _content(item: etree._Element, dispatch: Dispatch, agency: Agency) -> None:
    inline_xml = add(add(item, "contentSet"), "inlineXML")
    inline_xml.set("contenttype", "application/xhtml+xml")
    html = etree.SubElement(inline_xml, f"{{{XHTML}}}html", nsmap={None: XHTML})
    html.set(XML_LANG, dispatch.copy.language)
    add(add(html, "head"), "title", dispatch.headline)
    body = add(html, "body")
    if dispatch.copy.direction == "rtl":
        body.set("dir", "rtl")
    blocks = led_by_dateline(dispatch, agency)
    embed(body, xhtml(blocks), XHTML)


def _picture_guid(dispatch: Dispatch) -> str:
    return f"{dispatch.guid}-picture-{dispatch.copy.picture}"


def _picture_item(dispatch: Dispatch, agency: Agency) -> etree._Element:
    caption = CAPTIONS[dispatch.copy.picture]
    year = dispatch.version_created.year
    item = _item("newsItem", _picture_guid(dispatch), 1, "en", agency, year)
    meta = add(item, "itemMeta")
    add(meta, "itemClass", qcode="ninat:picture")
    add(add(meta, "provider", literal=agency.domain), "name", agency.name)
    add(meta, "versionCreated", iso(dispatch.version_created))
    add(meta, "pubStatus", qcode="stat:usable")
    content = add(item, "contentMeta")
    add(content, "creditline", caption.credit)
    add(content, "headline", dispatch.headline)
    add(content, "description", caption.caption, role="drol:caption")
    add(content, "description", caption.alt, role="drol:altText")
    remote = add(add(item, "contentSet"), "remoteContent")
    remote.set("rendition", "rnd:highRes")
    remote.set("href", caption.href)
    remote.set("contenttype", "image/jpeg")
    remote.set("width", "1600")
    remote.set("height", "1067")
    return item


def _package(
    dispatches: list[Dispatch], agency: Agency, sent: datetime, transmission: str
) -> etree._Element:
    day = dispatches[0].guid.split(":")[3]
    guid = f"urn:newsml:{agency.domain}:{day}:package-{transmission}"
    package = _item("packageItem", guid, 1, "en", agency, sent.year)
    meta = add(package, "itemMeta")
    add(meta, "itemClass", qcode="ninat:composite")
    add(add(meta, "provider", literal=agency.domain), "name", agency.name)
    add(meta, "versionCreated", iso(sent))
    add(meta, "pubStatus", qcode="stat:usable")
    add(add(package, "contentMeta"), "headline", dispatches[0].headline)
    group = add(add(package, "groupSet", root="root"), "group", role="group:main")
    group.set("id", "root")
    for dispatch in dispatches:
        _reference(group, dispatch.guid, "ninat:text", dispatch.headline)
        if dispatch.copy.picture:
            picture = _picture_guid(dispatch)
            _reference(group, picture, "ninat:picture", dispatch.copy.picture)
    return package


def _reference(group: etree._Element, guid: str, kind: str, title: str) -> None:
    reference = add(group, "itemRef", residref=guid)
    reference.set("contenttype", "application/vnd.iptc.g2.newsitem+xml")
    add(reference, "itemClass", qcode=kind)
    add(reference, "title", title)


def _summary(blocks: tuple[Block, ...]) -> str:
    return plain(blocks[:1])
