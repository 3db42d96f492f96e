"""What a learner gets back, and what cannot be smuggled into it or into the files around it."""

from __future__ import annotations

import html.parser
import os
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograder.gradebook.settings import database_url

SLUG = "thumbnails"
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>"


class Reader(html.parser.HTMLParser):
    """Every tag and attribute of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.text += " "
        self.attributes |= {name for name, _value in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def page(api: Any, autograde: Any, course: Path) -> Any:
    def made(learner: str) -> Reader:
        assert autograde(learner)
        answer = api.generate_feedback(SLUG, learner)
        assert answer["success"], answer
        return Reader((course / "feedback" / learner / SLUG / f"{SLUG}.html").read_text())

    return made


def comment(course: Path, learner: str, cell: str, text: str) -> None:
    with Gradebook(database_url(course)) as book:
        book.find_comment(cell, SLUG, SLUG, learner).manual_comment = text
        book.db.commit()


def test_feedback_tells_each_check_each_comment_and_what_was_graded(
    solved: Any, submit: Any, page: Any, autograde: Any, course: Path
) -> None:
    submit("ada", solved("# points: 6.5"))
    assert autograde("ada")
    comment(course, "ada", "rubric-design", "Say why not SQS.")
    comment(course, "ada", "file-README-md", "Two sentences are not enough.")
    text = " ".join(page("ada").text.split())
    assert "6.5 of 19 points" in text
    assert "It makes thumbnails: 6.5 of 10" in text
    assert "thumbnail 6.5 of 10 uploaded a.png, saw # points: 6.5 Read about S3 events." in text
    assert "Design notes: 0 of 4 - 4: The decisions are said, each with its reason. - 0: Nothing. Say why not SQS." in text
    assert "README.md Two sentences are not enough. Why?" in text


def test_markup_of_a_learner_or_in_a_message_is_shown_and_never_run(
    solved: Any, submit: Any, page: Any, cell: Any, course: Path, autograde: Any
) -> None:
    notebook = solved(f"# points: 1 {MARKUP}")
    cell(notebook, "file-README-md")["source"] = f"%%writefile README.md\n{MARKUP}\n[x](javascript:alert(3))"
    cell(notebook, "task")["source"] = MARKUP
    cell(notebook, "criterion-function")["outputs"] = [
        {"output_type": "display_data", "metadata": {}, "data": {"text/html": MARKUP, "application/javascript": "alert(4)"}}
    ]
    notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": MARKUP})
    submit("ada", notebook)
    assert autograde("ada")
    comment(course, "ada", "rubric-design", MARKUP)
    read = page("ada")
    assert not read.tags & {"script", "img", "iframe", "object", "a", "form", "link", "svg"}
    assert not {name for name in read.attributes if name.startswith("on")} | read.attributes & {"href", "src", "style"}
    assert read.text.count("<script>alert(1)</script>") >= 4
    autograded = (course / "autograded" / "ada" / SLUG / f"{SLUG}.ipynb").read_text()
    assert "application/javascript" not in autograded
    assert "onerror" not in "".join(line for line in autograded.splitlines() if "text/html" in line)


def test_a_score_set_by_a_person_is_told_beside_the_checks(
    solved: Any, submit: Any, page: Any, autograde: Any, course: Path
) -> None:
    submit("ada", solved("# points: 6"))
    assert autograde("ada")
    with Gradebook(database_url(course)) as book:
        book.find_grade("criterion-function", SLUG, SLUG, "ada").manual_score = 8
        book.db.commit()
    assert "It makes thumbnails: 8 of 10 A person has set these points" in " ".join(page("ada").text.split())


def test_a_notebook_that_cannot_be_read_gets_feedback_that_says_what_to_do(submit: Any, page: Any, scores: Any) -> None:
    submit("ada", b"not a notebook")
    text = page("ada").text
    assert (
        "is not a readable notebook (JSONDecodeError); open it in JupyterLab, clear its outputs, save it, and submit it again"
        in text
    )
    assert scores("ada")["criterion-function"] == (0, None, False)


def test_links_and_pipes_never_reach_feedback(solved: Any, submit: Any, page: Any, course: Path) -> None:
    (course / SLUG / "solutions").mkdir()
    (course / SLUG / "solutions" / "app.py").write_text("the whole answer")
    folder = submit("ada", solved("# points: 1"))
    (folder / "leak.txt").symlink_to(course / SLUG / "solutions" / "app.py")
    (folder / "tree").symlink_to(course / SLUG)
    os.mkfifo(folder / "pipe")
    (folder / "notes.txt").write_text("mine")
    page("ada")
    for step in ("autograded", "feedback"):
        files = [path for path in (course / step).rglob("*") if path.is_file()]
        assert {path.name for path in files} <= {"thumbnails.ipynb", "thumbnails.html", "timestamp.txt", "notes.txt", "app.log"}
        assert not any("the whole answer" in path.read_text() for path in files)
    assert len(list((course / "quarantine").iterdir())) == 3


def test_a_submission_under_a_name_that_is_markup_is_set_aside(solved: Any, submit: Any, autograde: Any, course: Path) -> None:
    submit("<img src=x onerror=alert(1)>", solved("# points: 9"))
    submit("ada", solved("# points: 9"))
    assert autograde("*")
    assert [path.name for path in (course / "submitted").iterdir() if any(path.iterdir())] == ["ada"]
    assert [path.name for path in (course / "autograded").iterdir()] == ["ada"]
