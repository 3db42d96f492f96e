"""Reads ``assessments/quizzes/m<number>.yaml``. What is wrong is a ContentError that names file, item and fix."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from autograder.curriculum import Curriculum
from autograder.errors import ContentError
from autograder.plain import plain
from autograder.quiz.bodies import Row, body_of, code_of
from autograder.quiz.item import LEVELS, TYPES, Item
from sandbox.facts import facts

FOLDER = Path("assessments") / "quizzes"
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_DIFFICULTIES = (1, 2, 3)
_KEYS = {"id", "topic", "type", "level", "difficulty", "question", "code", "explanation", "facts"}


def load_items(root: Path, curriculum: Curriculum) -> tuple[Item, ...]:
    """Every item of every file, in the order of the files; ids are unique over all of them."""
    items: dict[str, Item] = {}
    for path in sorted((root / FOLDER).glob("*.yaml"), key=lambda path: (len(path.name), path.name)):
        for item in read_file(path, curriculum):
            if item.id in items:
                raise ContentError(f"{path.name}: item {item.id} is there already; ids are unique in the whole bank")
            items[item.id] = item
    return tuple(items.values())


def read_file(path: Path, curriculum: Curriculum) -> list[Item]:
    """The items of one module's file, ``m1.yaml`` holding those of topics ``m1-…``."""
    try:
        document = yaml.safe_load(path.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise ContentError(f"{path.name}: {error}") from error
    if not isinstance(document, list):
        raise ContentError(f"{path.name}: a quiz is a list of items, each beginning with `- id:`")
    return [_item(Row(path.name, number, raw), curriculum, path.stem) for number, raw in enumerate(document, 1)]


def _item(row: Row, curriculum: Curriculum, module: str) -> Item:
    if not _ID.fullmatch(row.text("id")):
        raise row.wrong("the id must be lower-case words joined by hyphens")
    topic = row.text("topic")
    if topic not in curriculum.topics or not topic.startswith(f"{module}-"):
        known = ", ".join(name for name in curriculum.topics if name.startswith(f"{module}-"))
        raise row.wrong(f"topic {topic!r} does not belong here; this file's topics are {known}")
    kind = row.one_of("type", TYPES)
    body, keys = body_of(kind, row)
    row.only(_KEYS | keys)
    cited = tuple(str(name) for name in row.rows("facts", optional=True))
    _known_facts(row, cited)
    item = Item(
        id=row.text("id"),
        topic=topic,
        type=kind,
        level=row.one_of("level", LEVELS),
        difficulty=row.one_of("difficulty", _DIFFICULTIES),
        question=row.text("question"),
        body=body,
        code=code_of(kind, row),
        explanation=row.text("explanation", optional=True),
        facts=cited,
    )
    _readable(row)
    return item


def _known_facts(row: Row, cited: tuple[str, ...]) -> None:
    for name in cited:
        fact = facts().get(name)
        if fact is None or fact.confidence == "unverified":
            raise row.wrong(f"fact {name!r} is unverified or not in sandbox/facts.toml; cite one that is")


def _readable(row: Row) -> None:
    """Every text's roles can be resolved; code is not prose and may hold backquotes."""
    try:
        for text in _texts({key: value for key, value in row.raw.items() if key != "code"}):
            plain(text)
    except ValueError as error:
        raise row.wrong(str(error)) from error


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for part in value.values() for text in _texts(part)]
    return [text for part in value for text in _texts(part)] if isinstance(value, list) else []
