"""A reader at a live page: one session in a real Chromium, looked at from many sides."""

from __future__ import annotations

import pytest

COLD_MS_MAX = 30_000  # generous: machines differ; the figures themselves are reported by `./course bench book`
WARM_MS_MAX = 5_000


@pytest.fixture(scope="module")
def seen(drive):
    return drive("live_cells.mjs")


def test_the_output_made_at_build_time_is_there_before_anything_runs(seen):
    assert '"message": "Hello, Ada!"' in seen["built_output"]
    assert seen["editor_before_touch"] == 0


def test_the_first_run_creates_and_invokes_a_function(seen, record_property):
    record_property("cold_ms", seen["cold_ms"])
    record_property("warm_ms", seen["warm_ms"])
    assert seen["first_state"] == "done"
    assert seen["setup_ran_first"] == "done"
    assert '"message": "Hello, Ada!"' in seen["first_output"]
    assert "Init Duration" in seen["first_output"]
    assert seen["cold_ms"] < COLD_MS_MAX
    assert seen["warm_ms"] < WARM_MS_MAX


def test_the_page_gives_what_the_build_gave(seen):
    assert seen["first_output"].splitlines()[0] == seen["built_output"].splitlines()[0]


def test_output_is_announced(seen):
    assert (seen["log_role"], seen["log_live"]) == ("log", "polite")


def test_edited_code_runs_by_keyboard_and_shows_its_last_value(seen):
    assert seen["edited_output"] == "42\n'last value'\n"


def test_the_editor_is_no_keyboard_trap(seen):
    assert seen["tab_passes"]
    assert seen["escape_leaves"]


def test_an_error_shows_the_readers_lines_and_no_others(seen):
    assert seen["error_state"] == "failed"
    assert "NameError: name 'missing_thing' is not defined" in seen["error_output"]
    assert "return missing_thing" in seen["error_output"]
    assert "courseware" not in seen["error_output"]


def test_stop_ends_an_endless_loop_and_the_next_run_starts_anew(seen):
    assert seen["stop_state"] == "stopped"
    assert '"message": "Hello, Ada!"' in seen["after_stop"]


def test_reset_brings_back_code_and_built_output(seen):
    assert seen["reset_output"] == seen["built_output"]


def test_the_account_draws_what_happened(seen):
    assert "Timeline" in seen["timeline_alt"]


def test_the_account_shows_its_logs_and_lets_time_pass(seen):
    assert "hello" in seen["resources"]
    assert "REPORT RequestId" in seen["resources"]
    assert seen["account_status"] == "One hour has passed."
    assert seen["clock_before"][11:13] != seen["clock_after"][11:13]


def test_a_page_marked_as_read_is_read_after_a_reload(seen):
    assert seen["read_after_reload"] == "true"


def test_nothing_foreign_was_asked_and_nothing_complained(seen):
    noted = seen["noted"]
    assert (noted["foreign"], noted["failed"], noted["errors"]) == ([], [], [])
