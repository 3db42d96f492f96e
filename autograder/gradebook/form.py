"""What the notebook of an assignment shows, whatever kind it is: the task, the files to hand in, what is worth points."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

PATH = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}/){0,4}[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")
HOW = """## Hand in

Each of the cells below is one file; its first line says which. Running a cell writes the file beside this notebook, so that you
can check and deploy it; what is graded is the text in the cell. For a further file, add a code cell that begins with
`%%writefile src/your_name.py`.

Then save the notebook and submit the assignment. Nothing in this notebook is executed to grade it: the files are deployed
into a fresh account, and the points are given for what the stack does."""


@dataclass(frozen=True, slots=True)
class Part:
    """Something worth points: a criterion of the judge, or a line of the rubric, whose ``text`` says what a person looks at."""

    id: str
    title: str
    points: float
    text: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """``files`` maps the path of each file to hand in to the text a learner starts from; ``given`` is only to be read.

    ``how`` tells how to hand in, ``graded_by`` what gives the points; ``before`` are texts above the cells of files.
    """

    slug: str
    title: str
    task: str
    files: dict[str, str]
    criteria: tuple[Part, ...]
    rubric: tuple[Part, ...]
    given: dict[str, str] = field(default_factory=dict)
    how: str = HOW
    graded_by: str = "what your stack does"
    before: dict[str, str] = field(default_factory=dict)
