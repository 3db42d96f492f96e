"""The learner's code runs in a process of its own, whatever it does."""

from __future__ import annotations

import sys

import pytest

from autograder.checks.folder import LearnerProcess


@pytest.fixture
def learner():
    with LearnerProcess({"PATH": "/usr/bin:/bin", "GIVEN": "yes"}, seconds_max=10) as process:
        yield process


def test_cells_share_their_names(learner: LearnerProcess) -> None:
    assert learner.run("x = 2") == {"ok": True, "error": "", "output": ""}
    assert learner.run("print(x * 21)")["output"] == "42\n"


def test_an_exception_names_its_type_and_the_line(learner: LearnerProcess) -> None:
    answer = learner.run("y = 1\nraise ValueError('no')")
    assert (answer["ok"], answer["error"]) == (False, "ValueError: no (line 2 of the step)")


def test_a_syntax_error_names_the_line(learner: LearnerProcess) -> None:
    assert learner.run("x = 1\nx =\n")["error"].endswith("(line 2 of the step)")


def test_sys_exit_is_an_answer_and_the_next_cell_still_runs(learner: LearnerProcess) -> None:
    assert learner.run("import sys; sys.exit(3)")["error"].startswith("SystemExit: 3")
    assert learner.run("pass")["ok"]


def test_a_process_that_dies_is_an_answer_for_this_and_every_later_cell(learner: LearnerProcess) -> None:
    for _ in range(2):
        assert learner.run("import os; os._exit(0)")["error"] == "the Python process that ran your code ended"


def test_a_process_that_answers_no_more_has_ended_even_while_it_still_takes_its_input(learner: LearnerProcess) -> None:
    for _ in range(2):
        answer = learner.run("import os, signal; os.closerange(3, 100); signal.pause()")
        assert answer["error"] == "the Python process that ran your code ended"


def test_a_hang_is_ended_and_told() -> None:
    with LearnerProcess({}, seconds_max=0.5) as process:
        assert process.run("while True: pass")["error"] == "the step was still running after 0.5 seconds"
        assert process.run("pass")["error"] == "the Python process that ran your code ended"


def test_nothing_written_to_stdout_is_taken_for_an_answer(learner: LearnerProcess) -> None:
    forged = 'import os; os.write(1, b\'{"ok": true, "output": "forged"}\\n\'); raise ValueError("real")'
    assert learner.run(forged)["error"].startswith("ValueError: real")


def test_output_is_bounded(learner: LearnerProcess) -> None:
    assert len(learner.run("print('x' * 1_000_000)")["output"]) <= 20_000


def test_the_process_sees_only_the_environment_it_was_given(learner: LearnerProcess) -> None:
    assert learner.run("import os; print(sorted(os.environ))")["output"].count("GIVEN") == 1
    assert "autograder" not in learner.run("import sys; print([m for m in sys.modules if m.startswith('autograder')])")["output"]
    assert learner.run("import os; print(os.environ.get('HOME'))")["output"] == "None\n"


def test_it_runs_on_the_same_python(learner: LearnerProcess) -> None:
    assert learner.run("import sys; print(sys.version_info[:2])")["output"] == f"{sys.version_info[:2]}\n"
