"""This folder is an nbgrader course: run ``nbgrader`` commands here (docs/running_a_class.md)."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from autograder.gradebook.settings import configure  # noqa: E402 - the path comes first

c = get_config()  # noqa: F821 - given by whoever loads this file; traitlets.config.get_config means another one
configure(c, HERE)
c.TakeReport.judge = "courseware.grading:open_judge"
c.TakeReport.quiz_judge = "courseware.quizzes:open_judge"
