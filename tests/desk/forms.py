"""What a browser sends when somebody opens a form of the desk and submits it."""

from __future__ import annotations

import json
from typing import Any

from lxml import html

Fields = dict[str, Any]


def fields_of(page: bytes, form_id: str = "w-editor-form") -> Fields:
    """Give every field of the form as it stands, as a browser would post it.

    The blocks of a body are drawn by a script from what stands in the page; here they
    become the fields that the script makes of them. Line ends are those of a browser.
    """
    tree = html.fromstring(page)
    form = next(f for f in tree.forms if form_id in (f.get("id"), f.get("action")))
    for template in form.xpath(".//template"):
        template.getparent().remove(template)
    fields: Fields = {}
    for control in form.xpath(".//input|.//textarea|.//select"):
        name, value = control.get("name"), control.value
        if not name or "__prefix__" in name or control.get("disabled") is not None:
            continue
        if control.get("type") in {"submit", "button", "image", "file"}:
            continue
        if control.get("type") in {"checkbox", "radio"} and not control.checked:
            continue
        if isinstance(value, str):
            text = value.replace("\r\n", "\n")
            fields[name] = text.replace("\n", "\r\n")
        elif value is not None:
            fields[name] = list(value)
    for block in form.xpath(".//*[@data-block]"):
        state = json.loads(block.get("data-w-block-arguments-value"))[0]
        fields.update(_stream(block.get("id"), state))
    return fields


def _stream(name: str, blocks: list[dict[str, Any]]) -> Fields:
    fields: Fields = {f"{name}-count": str(len(blocks))}
    for place, block in enumerate(blocks):
        prefix = f"{name}-{place}"
        fields |= {
            f"{prefix}-deleted": "",
            f"{prefix}-order": str(place),
            f"{prefix}-type": block["type"],
            f"{prefix}-id": block["id"],
        }
        value = block["value"]
        if isinstance(value, dict):
            for part, inner in value.items():
                chosen = inner.get("id", "") if isinstance(inner, dict) else inner
                fields[f"{prefix}-value-{part}"] = "" if chosen is None else chosen
        elif _is_empty_text(block["type"], value):
            fields[f"{prefix}-value"] = "null"
        else:
            fields[f"{prefix}-value"] = value.replace("\r\n", "\n").replace(
                "\n", "\r\n"
            )
    return fields


def _is_empty_text(kind: str, value: str) -> bool:
    """Tell whether the rich-text editor sends nothing at all for this."""
    if kind != "text":
        return False
    return not any(line["text"] for line in json.loads(value)["blocks"])
