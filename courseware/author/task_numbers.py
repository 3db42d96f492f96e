"""What AWS sets comes from the facts file in hints, tasks, checks and explorers too; a task's own numbers stay its own.

What is found is the same as on pages (``numbers.py``), but for cents: prices of AWS are in dollars, so cents are a task's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from autograder.plain import plain
from courseware.author.content import Content
from courseware.author.finding import Finding
from courseware.author.numbers import SAID_TWICE, typed_by_hand
from courseware.author.task_texts import Text, task_texts

RULE = "task-numbers"
_ROLE = re.compile(r"\{(?:fact|limit|example)\}`[^`]*`")
_FIX = (
    "what AWS sets is cited ({fact}`words <ID>`, {limit}`name.part`; in Python fact_words, limit_words); "
    "a number of the task's own is marked ({example}`…`) or, in code, has a name"
)


def check(content: Content) -> Iterator[Finding]:
    for text in task_texts(content.root):
        path = text.path.relative_to(content.root).as_posix()
        for problem in _problems(text):
            yield Finding(path, text.line, RULE, problem)


def _problems(text: Text) -> Iterator[str]:
    for found in typed_by_hand(text.words):
        if not found[0].endswith(("cent", "cents")):
            yield f"{found[0]!r} is typed by hand: {_FIX}"
    if text.path.suffix == ".toml" or text.path.name == "README.md":
        for twice in SAID_TWICE.finditer(text.words):
            yield f"a role is followed by {twice[0][1:].strip()!r}: facts and limits print their unit; leave it out"
    for role in _ROLE.finditer(text.raw):
        try:
            plain(role[0])
        except ValueError as error:
            yield str(error)
