"""This folder is an nbgrader course: run ``nbgrader`` commands here (docs/running_a_class.md)."""

import sys
from pathlib import Path

from traitlets.config import get_config

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from autograder.gradebook.settings import configure  # noqa: E402 - the path comes first

c = get_config()
configure(c, HERE)
c.TakeReport.judge = "courseware.grading:open_judge"
