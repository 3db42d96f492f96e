"""JSONPath as the States Language uses it (guide, "amazon-states-language-paths")."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.workflows.paths import PathMissing, PathRefused, is_reference, put, select

STORE: dict[str, Any] = {
    "book": [{"t": "a", "p": 8}, {"t": "b", "p": 12, "x": None}, {"t": "c", "p": 9}],
    "odd.name": {"in side": 1},
    "n": {"book": [{"t": "d", "p": 1}]},
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$", STORE),
        ("$.book[1].t", "b"),
        ("$['odd.name']['in side']", 1),
        ('$["odd.name"]', {"in side": 1}),
        ("$.book[-1].t", "c"),
        ("$.book[*].t", ["a", "b", "c"]),
        ("$.book[0,2].t", ["a", "c"]),
        ("$.book[0:2].t", ["a", "b"]),
        ("$.book[1:].p", [12, 9]),
        ("$..t", ["a", "b", "c", "d"]),
        ("$.book[?(@.p < 10)].t", ["a", "c"]),
        ("$.book[?(@.t == 'b')].p", [12]),
        ("$.book[?(@.x)].t", ["b"]),
        ("$.book[?(@.p > 99)]", []),
        ("$.book[1].x", None),
    ],
)
def test_a_path_gives_a_value_or_the_list_of_all_it_matches(path: str, found: Any) -> None:
    assert select(STORE, path) == found


@pytest.mark.parametrize("path", ["$.none", "$.book.t", "$.book[7]", "$.n.book[0].t.u"])
def test_a_path_that_leads_nowhere_says_so(path: str) -> None:
    with pytest.raises(PathMissing):
        select(STORE, path)


@pytest.mark.parametrize("path", ["book", "$book", "$.book[", "$.book[(@.length-1)]", "$.book[?(@.p < 1 && @.t)]", "$."])
def test_a_path_of_another_kind_is_refused(path: str) -> None:
    with pytest.raises(PathRefused):
        select(STORE, path)


def test_a_result_is_put_into_a_copy() -> None:
    before = {"a": {"b": 1}, "l": [1, 2]}
    assert put(before, "$.a.c", 2) == {"a": {"b": 1, "c": 2}, "l": [1, 2]}
    assert put(before, "$.x.y", 2) == {**before, "x": {"y": 2}}
    assert put(before, "$.l[1]", 9)["l"] == [1, 9]
    assert put(before, "$", 3) == 3
    assert before == {"a": {"b": 1}, "l": [1, 2]}


@pytest.mark.parametrize(("document", "path"), [([1], "$.a"), ({"a": 1}, "$.a.b"), ({"l": [1]}, "$.l[5]")])
def test_a_result_that_has_no_place_is_an_error(document: Any, path: str) -> None:
    with pytest.raises(PathMissing):
        put(document, path, 1)


def test_a_reference_path_names_one_node() -> None:
    assert is_reference("$.a.b[0]")
    assert not is_reference("$.a[*]")
    assert not is_reference("$..a")
    assert not is_reference("a")
