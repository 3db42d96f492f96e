from __future__ import annotations

from sandbox.triggers.scaling import Scaling


def test_five_batches_then_300_more_a_minute_up_to_1250() -> None:
    scaling = Scaling()
    allowed = [scaling.allowed(float(second)) for second in range(0, 361, 60)]
    assert allowed == [5, 305, 605, 905, 1205, 1250, 1250]


def test_a_ceiling_holds() -> None:
    scaling = Scaling(ceiling=2)
    assert [scaling.allowed(at) for at in (0.0, 600.0)] == [2, 2]


def test_an_empty_queue_starts_again_from_five() -> None:
    scaling = Scaling()
    scaling.allowed(0.0)
    assert scaling.allowed(120.0) == 605
    scaling.rest()
    assert scaling.allowed(1_000.0) == 5
