"""What a map of topics counts, and how its table is read on a telephone."""

from __future__ import annotations

from types import SimpleNamespace

from courseware.sphinx_ext.content import ROOT, curriculum, pages_of_topic
from courseware.sphinx_ext.markup import element
from courseware.sphinx_ext.module_map import scrolling_table


def test_a_topic_of_two_pages_counts_both_its_own_first():
    env = SimpleNamespace(srcdir=str(ROOT / "book"))
    assert pages_of_topic(env, curriculum().topics["m2-t4"]) == ["events/http", "events/function-url"]


def test_each_value_carries_the_head_of_its_column():
    row = element("tr", {}, element("th", {"scope": "row"}, "cold-starts"), element("td", {}, "60 min"))
    scrolling_table("Every lab", ("Lab", "Time"), [row])
    assert [(cell["attributes"]["data-head"], cell["attributes"]["role"]) for cell in row.children] == [
        ("Lab", "rowheader"),
        ("Time", "cell"),
    ]
