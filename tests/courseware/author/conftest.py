"""A small course to find fault with."""

from __future__ import annotations

import textwrap

import pytest

from courseware.author.check_content import check_content

CURRICULUM = """
[[module]]
id = "m1"
slug = "one"
title = "One"
topic = [
  { id = "m1-t1", title = "First", slug = "first", objective = "do this" },
  { id = "m1-t2", title = "Second", slug = "second", objective = "do that" },
]
"""
ITEM = """
- id: item-{number}
  topic: {topic}
  type: numeric
  level: {level}
  difficulty: 1
  question: {question}
  answer: timeout_s.max
  unit: s
  why: So it is.
"""
STEP = '[[steps]]\nid = "{id}"\ntitle = "S"\nhints = ["h"]\ntopics = {topics}\n'
LAB = 'title = "L"\ngoal = "G"\nminutes = 1\ncost = "none"\n[names]\n'


class Course:
    """Files below a folder; ``findings`` are what one rule says of them."""

    def __init__(self, root):
        self.root = root
        self.write("book/curriculum.toml", CURRICULUM)
        self.page("one/index", "# One\n\n```{module-map} m1\n```\n")
        self.page("one/first", "---\ntopic: m1-t1\n---\n# First\n\n```{quiz} m1-t1\n```\n")
        self.toc("index", "one/index", "one/first")
        self.page("index", "# The course\n")

    def write(self, path, text):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")

    def page(self, name, text):
        self.write(f"book/{name}.md", textwrap.dedent(text))

    def toc(self, root, *names):
        chapters = "".join(f"  - file: {name}\n" for name in names)
        self.write("book/_toc.yml", f"format: jb-book\nroot: {root}\nchapters:\n{chapters}")

    def items(self, *rows):
        text = "".join(ITEM.format(number=number, **row) for number, row in enumerate(rows))
        self.write("assessments/quizzes/m1.yaml", text)

    def lab(self, *topics):
        steps = "".join(STEP.format(id=f"step-{number}", topics=list(names)) for number, names in enumerate(topics))
        self.write("labs/a-lab/lab.toml", LAB + steps.replace("'", '"'))
        self.write("labs/a-lab/lab.md", "# A lab\n")
        self.toc("index", "one/index", "one/first", "labs/a-lab")

    def findings(self, rule):
        return [f"{finding.path}:{finding.line} {finding.message}" for finding in check_content(self.root, [rule])]


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path)
