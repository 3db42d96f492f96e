"""An explorer's page part is what the front end packed; what it says of AWS must be in the facts."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from docutils.core import publish_doctree
from docutils.parsers.rst import directives
from sphinx.util.docutils import docutils_namespace

from courseware.sphinx_ext.explorer import BUILT, Explorer

PACKED = {
    "form": "<fieldset disabled></fieldset>",
    "picture": "<svg></svg>",
    "sentence": "It costs little.",
    "table": "<table></table>",
    "aws": [["Memory can be set from 128 to 10,240 MB.", "Q-01"]],
    "assumed": ["All else stays."],
}


@pytest.fixture
def page(tmp_path):
    """The messages and nodes of a page that shows the explorer ``name``; ``packed`` is what the front end left."""

    def build(name, packed):
        file = tmp_path / BUILT
        file.parent.mkdir(parents=True, exist_ok=True)
        if packed is not None:
            file.write_text(json.dumps(packed), "utf-8")
        noted = []
        env = SimpleNamespace(srcdir=str(tmp_path), note_dependency=noted.append)
        with docutils_namespace():
            directives.register_directive("explorer", Explorer)
            tree = publish_doctree(f".. explorer:: {name}\n", settings_overrides={"report_level": 5, "env": env})
        assert noted == [str(file)]
        return tree

    return build


def test_the_page_holds_form_picture_words_table_and_notes(page):
    tree = page("memory", {"memory": PACKED})
    raw = [node.astext() for node in tree.findall() if node.tagname == "raw"]
    assert raw == [
        '<fieldset disabled></fieldset><div class="ex-picture"><svg></svg></div>',
        '<div class="ex-numbers"><table></table></div>',
    ]
    words = [node.astext() for node in tree.findall() if node.tagname == "paragraph"]
    assert words == ["It costs little.", "What AWS does", PACKED["aws"][0][0], "What this model assumes", "All else stays."]
    assert [node["fact"] for node in tree.findall() if node.tagname == "fact_text"] == ["Q-01"]


@pytest.mark.parametrize(
    ("name", "packed", "said"),
    [
        ("memory", None, "packed none yet"),
        ("memroy", {"memory": PACKED}, "packed memory"),
        ("memory", {"memory": {**PACKED, "aws": [["Memory goes up to 9,999 MB.", "Q-01"]]}}, "does not say 9999"),
        ("memory", {"memory": {**PACKED, "aws": [["So they say.", "E-06"]]}}, "missing or unverified"),
    ],
)
def test_what_is_not_there_or_not_in_the_facts_is_an_error(page, name, packed, said):
    errors = [node.astext() for node in page(name, packed).findall() if node.tagname == "system_message"]
    assert len(errors) == 1
    assert said in errors[0]
