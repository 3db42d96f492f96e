"""HTML of a report, for formgrader and for feedback: our markup, and of everything else only escaped text.

nbgrader's own feedback template renders learners' Markdown and HTML as they are, in the instructor's origin.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2

_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def criterion_table(criterion: Mapping[str, Any]) -> str:
    """One criterion with its checks: points, what was seen, where to go on."""
    return _TEMPLATES.get_template("criterion.html.j2").render(criterion=criterion)


def feedback_page(**content: Any) -> str:
    """The page a learner gets back. No script runs on it and nothing is fetched by it."""
    return _TEMPLATES.get_template("feedback.html.j2").render(**content)
