"""A page is read again when a fact that it cites says something else, and only then."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from docutils import nodes

from courseware.sphinx_ext import cited_facts
from courseware.sphinx_ext.cited_facts import EVERY, NOTES, note_cited, note_facts, pages_to_cite_again
from courseware.sphinx_ext.facts import cite
from sandbox.facts import facts, limits, spell


def page(env: Any, name: str, *cited: nodes.Node) -> None:
    env.docname = name
    doctree = nodes.document(None, None)  # type: ignore[arg-type]
    doctree += nodes.paragraph("", "", *cited)
    note_cited(SimpleNamespace(env=env), doctree)  # type: ignore[arg-type]


@pytest.fixture
def env() -> Any:
    """Four pages: one cites a fact, one a limit, one another fact, one rests on all of them."""
    made = SimpleNamespace(docname="")
    timeout = limits()["timeout_s"]
    page(made, "fact", cite("900 seconds", facts()["Q-03"]))
    page(made, "limit", cite(spell(timeout.max or 0, timeout), facts()[timeout.fact], timeout.name))
    page(made, "other", cite("two", facts()["I-01"]))
    page(made, "table")
    note_facts(made, [EVERY])
    return made


def again(env: Any) -> set[str]:
    return set(pages_to_cite_again(None, env, set(), set(), set()))  # type: ignore[arg-type]


def test_nothing_is_read_again_while_the_file_stays_as_it_is(env):
    assert again(env) == set()


def test_a_changed_fact_is_read_again_where_it_is_cited(env, monkeypatch):
    changed = {**facts(), "I-01": replace(facts()["I-01"], as_of="2031-01-01")}
    monkeypatch.setattr(cited_facts, "facts", lambda: changed)
    assert again(env) == {"other", "table"}


def test_a_changed_limit_is_read_again_where_its_figure_is_printed(env, monkeypatch):
    changed = {**limits(), "timeout_s": replace(limits()["timeout_s"], max=901)}
    monkeypatch.setattr(cited_facts, "limits", lambda: changed)
    assert again(env) == {"limit", "table"}


def test_a_fact_that_is_gone_counts_as_changed(env, monkeypatch):
    monkeypatch.setattr(cited_facts, "facts", lambda: {name: fact for name, fact in facts().items() if name != "Q-03"})
    assert "fact" in again(env)


def test_pages_read_by_another_process_come_along_and_removed_ones_go(env, monkeypatch):
    main = SimpleNamespace(docname="")
    NOTES.merge(None, main, {"fact", "other"}, env)  # type: ignore[arg-type]
    NOTES.forget(None, main, "fact")  # type: ignore[arg-type]
    monkeypatch.setattr(cited_facts, "facts", dict)
    assert again(main) == {"other"}
