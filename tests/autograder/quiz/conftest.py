"""Items written as their authors write them."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from autograder.curriculum import load_curriculum
from autograder.quiz.read import read_file

ROOT = Path(__file__).parents[3]
HEAD = """
- id: an-item
  topic: m2-t4
  level: apply
  difficulty: 2
  question: What?
"""


@pytest.fixture
def read(tmp_path):
    """One item of module 2 from its type and the YAML that is its own."""

    def parse(body, head=HEAD):
        path = tmp_path / "m2.yaml"
        path.write_text(head + textwrap.indent(textwrap.dedent(body), "  "), "utf-8")
        return read_file(path, load_curriculum(ROOT))[0]

    return parse
