"""What is taught: modules and their topics, read from ``book/curriculum.toml``. Everything that is tested names a topic's id."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from autograder.errors import ContentError

FILE = Path("book") / "curriculum.toml"
_MODULE, _TOPIC, _SLUG = re.compile(r"m\d+"), re.compile(r"(m\d+)-t\d+"), re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Topic:
    """``objective`` completes "after this page you can …"; ``slug`` is empty while the module is not being written."""

    id: str
    title: str
    slug: str = ""
    objective: str = ""

    @property
    def module(self) -> str:
        return self.id.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Module:
    """``slug`` is the folder of its pages below ``book/``, empty while nothing of it is written."""

    id: str
    title: str
    topics: tuple[Topic, ...]
    slug: str = ""

    def page(self, topic: Topic) -> str:
        """The page on which the topic is taught, as Sphinx names it."""
        return f"{self.slug}/{topic.slug}"


@dataclass(frozen=True, slots=True)
class Curriculum:
    modules: tuple[Module, ...]

    @property
    def topics(self) -> dict[str, Topic]:
        """By id, in order."""
        return {topic.id: topic for module in self.modules for topic in module.topics}

    def module(self, module_id: str) -> Module:
        """Raises ContentError that lists the ids there are."""
        for module in self.modules:
            if module.id == module_id:
                return module
        raise ContentError(f"there is no module {module_id!r}; there are {', '.join(module.id for module in self.modules)}")

    def read_on(self, topic_id: str) -> str:
        """Where a learner reads about a topic: its title, and its page in the book where that is written."""
        topic = self.topics.get(topic_id)
        if topic is None:
            return topic_id
        page = f", {self.module(topic.module).page(topic)}.html in the book" if topic.slug else ""
        return f"{topic.title} ({topic_id}{page})"


@cache
def course_curriculum() -> Curriculum:
    """The curriculum of the course this code belongs to; without one where only the grader was installed, as on a far worker."""
    root = Path(__file__).parents[1]
    return load_curriculum(root) if (root / FILE).exists() else Curriculum(())


def load_curriculum(root: Path) -> Curriculum:
    """Read ``root/book/curriculum.toml``; ContentError names the entry that is wrong."""
    path = root / FILE
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except (FileNotFoundError, tomllib.TOMLDecodeError) as error:
        raise ContentError(f"{path}: {error}") from error
    modules = tuple(_module(row) for row in document.get("module", ()))
    ids = [module.id for module in modules] + [topic.id for module in modules for topic in module.topics]
    twice = {name for name in ids if ids.count(name) > 1}
    if not modules or twice:
        raise ContentError(f"{FILE}: every id is used once; used twice: {', '.join(sorted(twice)) or 'nothing is there'}")
    return Curriculum(modules)


def _module(row: Mapping[str, Any]) -> Module:
    module = Module(_word(row, "id", _MODULE), _text(row, "title"), tuple(_topic(topic) for topic in row.get("topic", ())))
    if "slug" not in row:
        return _owning(module)
    half = [topic.id for topic in module.topics if not (topic.slug and topic.objective)]
    if half:
        raise ContentError(f"{FILE}: {half[0]} needs a slug and an objective, because module {module.id} has a slug")
    return _owning(Module(module.id, module.title, module.topics, _word(row, "slug", _SLUG)))


def _owning(module: Module) -> Module:
    strange = [topic.id for topic in module.topics if topic.module != module.id]
    if strange:
        raise ContentError(f"{FILE}: topic {strange[0]} stands in module {module.id}")
    return module


def _topic(row: Mapping[str, Any]) -> Topic:
    slug = _word(row, "slug", _SLUG) if "slug" in row else ""
    return Topic(_word(row, "id", _TOPIC), _text(row, "title"), slug, str(row.get("objective", "")).strip())


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ContentError(f"{FILE}: {row.get('id', 'an entry')} has no {key}")
    return value.strip()


def _word(row: Mapping[str, Any], key: str, shape: re.Pattern[str]) -> str:
    value = _text(row, key)
    if not shape.fullmatch(value):
        raise ContentError(f"{FILE}: the {key} {value!r} is not of the form {shape.pattern}")
    return value
