"""Links in the texts of an assessment lead somewhere for whoever holds that text alone: a learner has no checkout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from autograder.assessment import Assessment
from autograder.checks.marks import id_of, mark_of
from autograder.judge import load_program
from courseware.author.content import Content
from courseware.author.finding import Finding
from courseware.author.links import SAYS_NOTHING
from courseware.author.prose import CODE, ROLE, Document, Link, read

RULE = "assessment-links"
_ADDRESS = re.compile(r"https?://[^\s)>\"'`]+|\]\(([^)\s]+)\)")


def check(content: Content) -> Iterator[Finding]:
    for assessment in content.assessments:
        starter = assessment.folder / "starter"
        for path in (assessment.folder / "README.md", *sorted(starter.glob("**/*.md"))):
            if path.is_file():
                yield from _of_text(content, path, starter)
        yield from _of_hints(assessment)


def _of_text(content: Content, path: Path, starter: Path) -> Iterator[Finding]:
    document = read(path.read_text("utf-8"))
    for link in document.links:
        wrong = _wrong(link, document, starter)
        if wrong:
            yield Finding(path.relative_to(content.root).as_posix(), link.line, RULE, wrong)


def _wrong(link: Link, document: Document, starter: Path) -> str:
    words = link.words.strip(f" {CODE}{ROLE}").lower()
    if words in SAYS_NOTHING:
        return f"the words {words!r} do not say where the link leads"
    if link.target.startswith("https://"):
        return ""
    path, _, anchor = link.target.partition("#")
    if path and (":" in path or not (starter / path).is_file()):
        return f"{link.target} leads nowhere: learners have the files of starter/, and the web by https"
    return f"there is no heading #{anchor}" if not path and anchor not in document.anchors else ""


def _of_hints(assessment: Assessment) -> Iterator[Finding]:
    """A hint is shown as plain text beside a topic: the topic is where to read on."""
    for one in load_program(assessment.folder).checks:
        for found in _ADDRESS.finditer(mark_of(one).hint):
            where = f"assessments/{assessment.slug}/checks"
            yield Finding(
                where, 0, RULE, f"the hint of {id_of(one)} holds the address {found[1] or found[0]}; name a topic instead"
            )
