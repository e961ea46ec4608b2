"""The copy of a drill: a story with a picture, and its kill, as an agency sends them."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image

PICTURE = "drill.jpg"
# Should the drill itself be killed, its story ends by the clock.
ENDS_BY_ITSELF = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Copy:
    """The two messages of a drill, in ninjs."""

    guid: str
    story: bytes
    kill: bytes


def write_copy(*, name: str, folder: Path, now: datetime, topic: str = "") -> Copy:
    """Give a drill's messages and put its picture into ``folder``.

    ``name`` makes the headline like no other, ``topic`` is the code of one whose page
    shall show the story.
    """
    picture = Image.linear_gradient("L").resize((480, 270)).convert("RGB")
    out = io.BytesIO()
    # Its own bytes, so that no earlier drill's picture, withdrawn, is taken for it.
    picture.save(out, "JPEG", comment=name.encode())
    (folder / PICTURE).write_bytes(out.getvalue())
    guid = f"tag:wiredesk,{now.date().isoformat()}:kill-drill-{name}"
    item: dict[str, Any] = {
        "uri": guid,
        "type": "text",
        "language": "en",
        "headline": _(
            "Drill, not news: this page checks that stories can be taken down"
        )
        + f" ({name})",
        "body_html": f"<p>{_('Nothing has happened.')} "
        + _("This newsroom tests how fast it can take a story down. ")
        + _("The test ends within seconds, and this page with it.")
        + f" {name}</p>",
        "associations": {
            "lead": {
                "type": "picture",
                "uri": f"{guid}:picture",
                "headline": _("A grey surface"),
                "renditions": {"main": {"href": PICTURE, "mimetype": "image/jpeg"}},
            }
        },
    }
    if topic:
        item["subject"] = [{"code": f"medtop:{topic}"}]
    ends = (now + ENDS_BY_ITSELF).isoformat()
    story = {
        **item,
        "version": "1",
        "pubstatus": "usable",
        "versioncreated": now.isoformat(),
        "expires": ends,
    }
    kill = {
        "uri": guid,
        "type": "text",
        "version": "2",
        "pubstatus": "canceled",
        "versioncreated": (now + timedelta(seconds=1)).isoformat(),
        "headline": _("Kill of a drill"),
    }
    return Copy(guid, json.dumps(story).encode(), json.dumps(kill).encode())
