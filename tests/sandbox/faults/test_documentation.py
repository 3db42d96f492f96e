"""docs/faults.md tells of every kind and every member, and its examples are rules."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.faults.kinds import KINDS
from sandbox.ids import Ids

PAGE = (Path(__file__).parents[3] / "docs" / "faults.md").read_text("utf-8")
EXAMPLES = [line for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_its_section_with_all_it_knows(kind: str) -> None:
    _, _, rest = PAGE.partition(f"\n## `{kind}`")
    section = rest.partition("\n## ")[0]
    known = (*KINDS[kind].patterns, *KINDS[kind].members)
    assert [name for name in known if f"`{name}`" not in section and f"`{name}:" not in section] == []


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_a_rule(example: str) -> None:
    faults = Faults(Clock(virtual=True, start=1_800_000_000.0), Ids(1))
    assert faults.add(json.loads(example))["id"] == "fault-1"


def test_every_kind_has_an_example() -> None:
    assert {json.loads(example).get("kind", "call") for example in EXAMPLES} == set(KINDS)
