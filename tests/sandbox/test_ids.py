"""Seeded ids replay; secrets never do."""

from __future__ import annotations

import re
import uuid

from sandbox.ids import Ids


def sample(ids: Ids) -> list[object]:
    return [ids.uuid(), ids.hex(32), ids.base36(32), ids.draw(), ids.unique_id("AROA"), ids.access_key_id("ASIA")]


def test_the_same_seed_gives_the_same_run() -> None:
    assert sample(Ids(7)) == sample(Ids(7))
    assert sample(Ids(7)) != sample(Ids(8))


def test_without_a_seed_one_is_chosen_and_kept_for_replay() -> None:
    first = Ids()
    assert sample(Ids(first.seed)) == sample(Ids(first.seed))


def test_a_secret_does_not_replay() -> None:
    assert Ids(7).secret() != Ids(7).secret()


def test_the_spellings_are_those_of_aws() -> None:
    ids = Ids(1)
    assert uuid.UUID(ids.uuid()).version == 4
    assert re.fullmatch(r"AKIA[A-Z2-7]{16}", ids.access_key_id())
    assert re.fullmatch(r"AIDA[A-Z2-7]{17}", ids.unique_id("AIDA"))
    assert re.fullmatch(r"[0-9a-f]{32}", ids.hex(32))
    assert len(ids.secret()) == 40
