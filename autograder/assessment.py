"""A practical assessment as data: ``assessment.toml`` in frozen objects. Rules: ``docs/writing_an_assessment.md``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import LabError
from autograder.toml_key import required
from autograder.variants import PLACE, Choice, Variant, default_variant, variant_of

EVIDENCE = "evidence"  # in the starter: what learners are given to read


@dataclass(frozen=True, slots=True)
class Criterion:
    """What its checks' points add up to, and how much of it is left when one of its gates is lost (share of the points)."""

    name: str
    title: str
    points: float
    gates: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Work:
    """What has to be done at all: one of ``checks`` gives ``at_least`` this share, or ``left`` remains of every criterion."""

    checks: tuple[str, ...]
    at_least: float
    left: float


@dataclass(frozen=True, slots=True)
class Assessment:
    """``layers`` maps a template parameter to the packages of the layer it is given; ``choices`` vary by learner."""

    slug: str
    title: str
    outputs: tuple[str, ...]
    parameters: Mapping[str, str]
    layers: Mapping[str, tuple[str, ...]]
    criteria: tuple[Criterion, ...]
    choices: tuple[Choice, ...]
    folder: Path
    work: Work | None = None

    @property
    def points(self) -> float:
        return sum(criterion.points for criterion in self.criteria)

    def variant(self, course_key: bytes, learner: str) -> Variant:
        """The values of this learner; those of the task's own text without a key or a learner."""
        if not course_key or not learner:
            return default_variant(self.choices)
        return variant_of(self.choices, course_key, f"{self.slug}/{learner}")

    def criterion(self, name: str) -> Criterion:
        for criterion in self.criteria:
            if criterion.name == name:
                return criterion
        known = ", ".join(criterion.name for criterion in self.criteria)
        raise LabError(f"assessment {self.slug} has no criterion {name!r}; it has {known}")


def load_assessment(folder: Path) -> Assessment:
    """Read ``folder/assessment.toml``; raises LabError naming the key that is wrong."""
    path = folder / "assessment.toml"
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise LabError(f"{folder} is no assessment: it has no assessment.toml") from None
    except tomllib.TOMLDecodeError as error:
        raise LabError(f"{path}: {error}") from error
    criteria = tuple(_criterion(row, path) for row in required(document, "criteria", list, path))
    if len({criterion.name for criterion in criteria}) != len(criteria):
        raise LabError(f"{path}: every criterion has a name of its own")
    return Assessment(
        slug=folder.name,
        title=required(document, "title", str, path),
        outputs=tuple(required(document, "outputs", list, path)),
        parameters=required(document, "parameters", dict, path),
        layers={name: tuple(packages) for name, packages in document.get("layers", {}).items()},
        criteria=criteria,
        choices=tuple(_choice(name, row, path) for name, row in document.get("variant", {}).items()),
        folder=folder,
        work=_work(document["work"], path) if "work" in document else None,
    )


def find_assessments(root: Path) -> list[Assessment]:
    """Every assessment below ``root``, by slug; folders that begin with ``_`` are templates."""
    folders = sorted(path.parent for path in root.glob("*/assessment.toml") if not path.parent.name.startswith("_"))
    return [load_assessment(folder) for folder in folders]


def _criterion(row: Mapping[str, Any], path: Path) -> Criterion:
    gates = row.get("gates", {})
    if not all(isinstance(share, int | float) and 0 <= share <= 1 for share in gates.values()):
        raise LabError(f"{path}: a gate says which share of the points is left, from 0 to 1")
    points = row.get("points")
    if isinstance(points, bool) or not isinstance(points, int | float) or points <= 0:
        raise LabError(f"{path}: a criterion is worth a number of points above 0")
    return Criterion(required(row, "name", str, path), required(row, "title", str, path), points, gates)


def _work(row: Mapping[str, Any], path: Path) -> Work:
    shares = [row.get(name) for name in ("at_least", "left")]
    if not row.get("checks") or not all(isinstance(share, int | float) and 0 <= share <= 1 for share in shares):
        raise LabError(f"{path}: [work] needs checks, at_least and left; the last two are shares from 0 to 1")
    return Work(tuple(row["checks"]), row["at_least"], row["left"])


def _choice(name: str, row: Any, path: Path) -> Choice:
    if not isinstance(row, dict) or not row.get("values") or row.get("default") not in row["values"]:
        raise LabError(f"{path}: variant.{name} needs values, and a default that is one of them")
    written = tuple(row.get("written", ()))
    for place in written:
        if name not in [found[1] for found in PLACE.finditer(place)]:
            raise LabError(f"{path}: variant.{name} is written {place!r}, which has no {{{name}}} in it")
    return Choice(name, row["default"], tuple(row["values"]), written)
