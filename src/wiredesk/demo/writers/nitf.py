"""NITF 3.6: one document a story, its dateline an element, never in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from wiredesk.demo.markup import nitf
from wiredesk.demo.pictures.captions import CAPTIONS
from wiredesk.demo.topics import BRANCHES, NAMES
from wiredesk.demo.writers.xml import XML_LANG, add, embed, serialise

if TYPE_CHECKING:
    from datetime import datetime

    from wiredesk.demo.agencies import Agency
    from wiredesk.demo.story import Dispatch

TOPIC_SCHEME = "http://cv.iptc.org/newscodes/mediatopic/"
DOCTYPE = (
    '<!DOCTYPE nitf PUBLIC "-//IPTC//DTD NITF 3.6//EN" '
    '"https://halyard.example/dtd/nitf-3-6.dtd">'
)


def document(dispatch: Dispatch, agency: Agency) -> bytes:
    """Write one NITF document; the external DTD it names need never be fetched."""
    root = etree.Element("nitf")
    root.set("version", "-//IPTC//DTD NITF 3.6//EN")
    root.set("baselang", dispatch.copy.language)
    _head(root, dispatch, agency)
    body = add(root, "body")
    body.set(XML_LANG, dispatch.copy.language)
    _body_head(body, dispatch, agency)
    content = add(body, "body.content")
    if dispatch.copy.picture:
        _media(content, dispatch)
    embed(content, nitf(dispatch.blocks))
    add(add(body, "body.end"), "tagline", _trailer(dispatch, agency))
    return serialise(root, DOCTYPE)


def _norm(moment: datetime) -> str:
    return moment.strftime("%Y%m%dT%H%M%S%z")


def _head(root: etree._Element, dispatch: Dispatch, agency: Agency) -> None:
    copy = dispatch.copy
    head = add(root, "head")
    add(head, "title", dispatch.headline)
    subjects = add(head, "tobject")
    subjects.set("tobject.type", "advisory" if copy.advisory else "news")
    if copy.genre or copy.advisory:
        prop = add(subjects, "tobject.property")
        prop.set("tobject.property.type", "Advisory" if copy.advisory else copy.genre)
    # The two lists of the IPTC share their top level, so these eight digits are right
    # as subject codes, which is what the attribute means; topics go below, with address.
    for code in dict.fromkeys(BRANCHES[code] for code in copy.topics):
        add(subjects, "tobject.subject").set("tobject.subject.refnum", code)
    _docdata(head, dispatch, agency)


def _docdata(head: etree._Element, dispatch: Dispatch, agency: Agency) -> None:
    copy = dispatch.copy
    data = add(head, "docdata")
    data.set("management-status", _management_status(dispatch))
    add(data, "doc-id", **{"regsrc": agency.domain, "id-string": dispatch.guid})
    add(data, "urgency", **{"ed-urg": str(copy.urgency)})
    add(data, "date.issue", norm=_norm(dispatch.version_created))
    if dispatch.embargoed:
        add(data, "date.release", norm=_norm(dispatch.embargoed))
    if dispatch.expires:
        add(data, "date.expire", norm=_norm(dispatch.expires))
    year = str(dispatch.version_created.year)
    add(data, "doc.copyright", holder=agency.copyright_holder, year=year)
    add(data, "doc.rights", owner=agency.name, limitations=agency.usage_terms)
    keywords = add(data, "key-list")
    for keyword in (copy.slugline, *copy.keywords):
        add(keywords, "keyword", key=keyword)
    about = add(data, "identified-content")
    for code in copy.topics:
        classifier = add(about, "classifier", NAMES[code], idsrc=TOPIC_SCHEME)
        classifier.set("type", "subject")
        classifier.set("value", code)
    key = add(data, "du-key", key=copy.slugline)
    key.set("version", str(copy.version))
    if copy.signal == "correction":
        note = add(data, "correction", info=dispatch.public_note)
        note.set("id-string", dispatch.guid)
        note.set("regsrc", agency.domain)
    if copy.editor_note:
        add(data, "ed-msg", **{"msg-type": "editor", "info": copy.editor_note})


def _management_status(dispatch: Dispatch) -> str:
    if dispatch.embargoed and dispatch.copy.status == "usable":
        return "embargoed"
    return dispatch.copy.status


def _body_head(body: etree._Element, dispatch: Dispatch, agency: Agency) -> None:
    head = add(body, "body.head")
    headlines = add(head, "hedline")
    add(headlines, "hl1", dispatch.headline)
    if dispatch.subheadline:
        add(headlines, "hl2", dispatch.subheadline)
    notice = agency.copyright_notice(dispatch)
    add(add(head, "rights"), "rights.owner", notice)
    if dispatch.copy.byline:
        byline = add(head, "byline", f"By {dispatch.copy.byline}, ")
        add(byline, "byttl", agency.name)
    add(head, "distributor", agency.credit)
    dateline = add(head, "dateline")
    place, _, rest = agency.dateline(dispatch).partition(",")
    location = add(dateline, "location", place)
    location.tail = f",{rest}"
    add(add(head, "abstract"), "p", dispatch.blocks[0].lines[0].replace("*", ""))


def _media(content: etree._Element, dispatch: Dispatch) -> None:
    caption = CAPTIONS[dispatch.copy.picture]
    media = add(content, "media")
    media.set("media-type", "image")
    reference = add(media, "media-reference", source=caption.href)
    reference.set("mime-type", "image/jpeg")
    reference.set("width", "1600")
    reference.set("height", "1067")
    reference.set("alternate-text", caption.alt)
    add(add(media, "media-caption"), "p", caption.caption)
    add(media, "media-producer", caption.credit)


def _trailer(dispatch: Dispatch, agency: Agency) -> str:
    return f"{agency.credit} {agency.copyright_notice(dispatch)}"
