from __future__ import annotations

import pytest

from wiredesk.web.desk_scripts import STARTS

WAGTAILS_OWN = (
    '<script>initDateChooser("id_at", {"dayOfWeekStart": 0, "format": "Y-m-d"});'
    "</script>",
    '<script>\n (function() {\n var panel = new InlinePanel(JSON.parse("\\u007B'
    '\\u0022a\\u0022: 1\\u007D"));\n })();\n </script>',
    '<script>new SnippetChooser("id_author-__prefix__", {"a": null});<-/script>',
)
INJECTED = (
    "<script>alert(1)</script>",
    "<script>fetch('/desk/')</script>",
    '<script>new Function("alert(1)");</script>',
    '<script>new Image("a" + document.cookie);</script>',
    '<script>initDateChooser("a", {}); alert(1)</script>',
    '<script>new Function("alert(1)")();</script>',
    "<script>new Chooser(alert(1));</script>",
    "<script>new Chooser(`${alert(1)}`);</script>",
)


@pytest.mark.parametrize("script", WAGTAILS_OWN)
def test_a_script_that_starts_a_widget_may_run(script: str) -> None:
    assert STARTS.sub("<ours>", script).startswith("<ours>")


@pytest.mark.parametrize("script", INJECTED)
def test_any_other_inline_script_may_not(script: str) -> None:
    assert STARTS.sub("<ours>", script) == script
