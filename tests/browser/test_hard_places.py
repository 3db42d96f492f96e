"""A live page where it is hard to be one, in a real Chromium."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def seen(drive):
    return drive("hard_places.mjs")


def test_nothing_moves_under_the_reader_while_a_cell_runs(seen):
    assert seen["shift"] < 0.01


def test_a_cell_keeps_its_height_where_durations_are_longer_than_the_pages_own(seen):
    assert seen["grown"]["printed"].count("Duration: 1111.57") == 3
    assert abs(seen["grown"]["by"]) < 1


def test_a_broken_line_is_said_and_the_next_run_works(seen):
    assert "wasm.bin did not arrive" in seen["broken_line"]["broken"]
    assert seen["broken_line"]["progress"] > 0
    assert seen["broken_line"]["after"] == "done"


def test_without_webassembly_and_storage_the_page_says_so_and_stays_whole(seen):
    bare = seen["bare"]
    assert "WebAssembly" in bare["status"]
    assert '"message": "Hello, Ada!"' in bare["output"]
    assert bare["marked"] == "true"
    assert bare["errors"] == []
