"""What a run remembers outlives a crash at any moment."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.lab import Lab
from courseware.aws.run import Entry, Run, find_run, runs
from courseware.errors import LearnerError


def test_a_run_that_was_begun_is_found_again_and_forgotten_with_its_journal(run: Run) -> None:
    assert runs() == []
    run.save()
    run.journal.write(Entry("making", "queue", "orders"))
    assert find_run(run.account_id, run.lab) == run
    assert runs() == [run]
    run.forget()
    assert find_run(run.account_id, run.lab) is None
    assert list(run.journal) == []


def test_a_line_that_a_crash_cut_off_costs_only_itself(run: Run) -> None:
    first, last = Entry("making", "queue", "orders"), Entry("making", "table", "photos", {"tagged": True})
    run.journal.write(first)
    with run.journal.path.open("ab") as file:
        file.write(b'{"event": "making", "ki')
    run.journal.write(last)
    assert list(run.journal) == [first, last]


def test_names_come_from_the_lab_and_from_what_was_made(run: Run, lab: Lab) -> None:
    names = run.names(lab)
    assert names.outward("teapot leaves-111122223333 live") == f"{run.prefix}teapot {run.prefix}leaves-111122223333 live"
    run.journal.write(Entry("making", "queue", "orders"))
    assert run.names(lab).outward("orders") == f"{run.prefix}orders"


def test_no_labs_prefix_begins_with_anothers(run: Run) -> None:
    assert not replace(run, lab="tea-shop-2").prefix.startswith(run.prefix)
    assert not replace(run, lab="tea").prefix.startswith(run.prefix)


def test_things_may_be_public_only_until_their_time(run: Run) -> None:
    assert not run.may_open
    assert replace(run, public_until_s=run.until_s).may_open
    assert not replace(run, public_until_s=1).may_open


def test_a_damaged_record_says_where_it_is(run: Run) -> None:
    run.save()
    (run.journal.path.parent / f"{run.lab}.json").write_text("{}", "utf-8")
    with pytest.raises(LearnerError, match=f"the record of {run.lab} in .*{run.account_id} is damaged"):
        find_run(run.account_id, run.lab)
