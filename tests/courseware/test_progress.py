from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courseware.errors import LearnerError
from courseware.progress import Progress, load, parse, record

TIMES = st.integers(0, 2**53 - 1)
KEYS = st.sampled_from(["lab/one", "lab/two", "index", "events/function-url"])
PROGRESS = st.builds(
    Progress,
    st.dictionaries(KEYS, TIMES),
    st.dictionaries(KEYS, st.dictionaries(st.sampled_from(["read_at", "undone_at"]), TIMES, min_size=1)),
)


@given(PROGRESS, PROGRESS, PROGRESS)
def test_copies_may_meet_in_any_order_and_any_number_of_times(a: Progress, b: Progress, c: Progress) -> None:
    assert a.merge(b) == b.merge(a)
    assert a.merge(b).merge(c) == a.merge(b.merge(c))
    assert a.merge(b).merge(b) == a.merge(b)


@given(PROGRESS, PROGRESS)
def test_a_passed_step_is_never_lost_and_keeps_its_first_time(a: Progress, b: Progress) -> None:
    merged = a.merge(b)
    assert set(merged.steps) == {*a.steps, *b.steps}
    assert all(merged.steps[key] <= at for key, at in a.steps.items())


@given(PROGRESS)
def test_a_document_survives_writing_and_reading(progress: Progress) -> None:
    assert parse(json.loads(json.dumps(progress.as_json()))) == progress


def test_undoing_later_than_reading_survives_a_stale_copy() -> None:
    stale = Progress(sections={"index": {"read_at": 10}})
    undone = Progress(sections={"index": {"read_at": 10, "undone_at": 20}})
    assert stale.merge(undone).sections["index"] == {"read_at": 10, "undone_at": 20}


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ([], "schema 1"),
        ({"schema": 2}, "newer version"),
        ({"schema": 1, "points": {}}, "'points'"),
        ({"schema": 1, "steps": []}, "steps"),
        ({"schema": 1, "steps": {"a/b": {}}}, "'a/b'"),
        ({"schema": 1, "steps": {"a/b": {"read_at": 1}}}, "passed_at"),
        ({"schema": 1, "steps": {"a/b": {"passed_at": "now"}}}, "milliseconds"),
        ({"schema": 1, "steps": {"a/b": {"passed_at": True}}}, "milliseconds"),
        ({"schema": 1, "steps": {"a/b": {"passed_at": -1}}}, "milliseconds"),
        ({"schema": 1, "sections": {"<script>": {"read_at": 1}}}, "<script>"),
        ({"schema": 1, "sections": {"a" * 201: {"read_at": 1}}}, "200"),
        ({"schema": 1, "sections": {f"p{n}": {"read_at": 1} for n in range(5001)}}, "5000"),
    ],
)
def test_a_wrong_document_is_refused_by_the_name_of_what_is_wrong(document: Any, complaint: str) -> None:
    with pytest.raises(LearnerError, match=complaint):
        parse(document)


def test_nothing_stored_yet_is_no_progress(tmp_path: Path) -> None:
    assert load(tmp_path / "progress.json") == Progress()


def test_two_writers_at_once_keep_each_others_steps(tmp_path: Path) -> None:
    path = tmp_path / "progress.json"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: record(path, Progress(steps={f"lab/step-{n}": n})), range(40)))
    assert len(load(path).steps) == 40
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_damaged_file_is_put_aside_and_named(tmp_path: Path) -> None:
    path = tmp_path / "progress.json"
    path.write_text('{"schema": 1, "steps"')
    with pytest.raises(LearnerError, match="damaged"):
        load(path)
    assert load(path) == Progress()
    assert (tmp_path / "progress.damaged.json").read_text() == '{"schema": 1, "steps"'
