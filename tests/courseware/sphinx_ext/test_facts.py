"""Figures in prose come from the facts file, and prose cannot say another."""

from __future__ import annotations

import re

import pytest
from docutils.core import publish_doctree
from docutils.parsers.rst import roles
from sphinx.util.docutils import docutils_namespace

from courseware.sphinx_ext.facts import FactRole, LimitRole, note, source_words
from courseware.sphinx_ext.lighten import without_icon_library, without_unused_classes
from sandbox.facts import facts, figures, limits, sources, spell, value_words


def role_text(markup):
    with docutils_namespace():
        roles.register_local_role("fact", FactRole())
        roles.register_local_role("limit", LimitRole())
        tree = publish_doctree(markup, settings_overrides={"report_level": 5, "env": None})
    return tree.astext(), [str(node) for node in tree.findall() if node.tagname == "problematic"]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (":limit:`timeout_s.max`", "900 s"),
        (":limit:`memory_mb.min`", "128 MB"),
        (":limit:`sync_payload_bytes`", "6 MB"),
        (":limit:`price_request_usd`", "$0.0000002 per Lambda request"),
        (":fact:`at most 900 seconds <Q-03>`", "at most 900 seconds"),
    ],
)
def test_a_figure_is_printed_with_its_unit(markup, text):
    assert role_text(markup) == (text, [])


@pytest.mark.parametrize(
    "markup",
    [":fact:`800 seconds <Q-03>`", ":fact:`Q-999`", ":limit:`nothing`", ":limit:`environment_bytes.value`"],
)
def test_what_the_file_does_not_say_is_an_error(markup):
    assert role_text(markup)[1]


def test_an_unverified_fact_cannot_be_taught():
    unverified = next(fact.id for fact in facts().values() if fact.confidence == "unverified")
    assert role_text(f":fact:`something <{unverified}>`")[1]


def test_figures_are_compared_without_separators():
    assert figures("1,000 and 3.5, or 7.") == {"1000", "3.5", "7"}


def test_every_limit_can_be_spelled_and_every_fact_noted():
    for limit in limits().values():
        number = next(part for part in (limit.value, limit.max, limit.min) if part is not None)
        assert spell(number, limit)
    for fact in facts().values():
        assert fact.subject in note(fact)
        assert source_words(fact.source)
        assert not value_words(fact).endswith("\u2013")


def test_no_source_is_left_as_the_key_of_the_facts_file():
    key = re.compile(rf"\b({'|'.join(re.escape(name) for name in sources() if name.isupper())})\b")
    assert {fact.id: fact.source for fact in facts().values() if key.search(source_words(fact.source))} == {}


def test_the_icon_library_goes_and_the_rest_stays():
    css = (
        '@font-face{font-family:Font Awesome\\ 6 Free;src:url(a.woff2)}.fa-bars:before,.fa-navicon:before{content:"\\f0c9"}'
        ".fade{opacity:0}.a:before{content:x}"
    )
    assert without_icon_library(css) == ".fade{opacity:0}.a:before{content:x}"


def test_rules_of_classes_that_nothing_names_go():
    css = "a{b:c}.used,.other{d:e}.unused{f:g}.unused p{h:i}@media print{.unused{j:k}.used{l:m}}"
    lighter = "a{b:c}.used{d:e}@media print{.used{l:m}}"
    assert without_unused_classes(css, {"used"}) == lighter


def test_what_a_selector_only_excludes_or_offers_need_not_be_named():
    css = ".used:not(.unused,.x:is(.y)){a:b}.used :is(.unused,p:not(.x)),.unused>p{c:d}[class*=unused]{e:f}"
    lighter = ".used:not(.unused,.x:is(.y)){a:b}.used :is(.unused,p:not(.x)){c:d}[class*=unused]{e:f}"
    assert without_unused_classes(css, {"used"}) == lighter


def test_classes_whose_names_bootstrap_puts_together_stay():
    css = ".bs-tooltip-auto .used{a:b}.bs.used{c:d}"
    assert without_unused_classes(css, {"used"}) == ".bs-tooltip-auto .used{a:b}"


def test_a_value_of_several_words_says_its_units_itself():
    """The unit is set behind a bare figure; behind a sentence it would belong to the wrong number, as in "256 KB MB"."""
    sentences = {fact.id: fact for fact in facts().values() if " " in fact.value and fact.unit not in fact.value}
    assert {fact.id: value_words(fact) for fact in sentences.values() if value_words(fact) != fact.value} == {}


def test_a_remark_on_a_source_stands_in_one_pair_of_brackets():
    assert "((" not in source_words("Q10 (not stated by AWS)")
