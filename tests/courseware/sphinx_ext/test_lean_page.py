"""What a page loads, by what stands on it."""

from __future__ import annotations

import pytest

from courseware.sphinx_ext.lean_page import drop_unused_files

FILES = ["_static/sphinx-design.min.css", "_static/copybutton.js", "searchindex.js", "_static/live.js"]


def loaded(page, body):
    context = {"body": body, "script_files": list(FILES)}
    drop_unused_files(None, page, "page.html", context, None)
    return context["script_files"]


@pytest.mark.parametrize(
    ("page", "body", "kept"),
    [
        ("events/sns", "<p>words</p>", ["_static/live.js"]),
        ("events/sns", '<pre>code</pre><div class="sd-card">', FILES[:2] + FILES[3:]),
        ("search", "", ["searchindex.js", "_static/live.js"]),
    ],
)
def test_a_page_loads_what_its_markup_needs_and_search_alone_the_index(page, body, kept):
    assert loaded(page, body) == kept
