from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sandbox.functions.aliases import Alias
from sandbox.functions.function import Code, FunctionVersion
from sandbox.functions.function_record import FunctionRecord
from sandbox.functions.provisioned import ProvisionedConfig


def record(**aliases):
    latest = FunctionVersion("1" * 12, "us-east-1", "f", "$LATEST", "python3.13", "r", "a.h", Code(b""), "rev", 0.0)
    return FunctionRecord(latest=latest, aliases=aliases)


@given(st.integers(min_value=1, max_value=900), st.floats(min_value=0, max_value=1))
def test_a_split_alias_hands_out_exactly_what_was_asked_for(requested, weight):
    held = record(live=Alias("live", "1", "", weights={"2": weight}))
    held.provisioned["live"] = ProvisionedConfig(requested, 0.0)
    shares = [held.provisioned_for(number) for number in ("1", "2")]
    assert sum(shares) == requested
    assert abs(shares[1] - requested * weight) <= 0.5


def test_a_version_keeps_its_own_and_no_other():
    held = record()
    held.provisioned["3"] = ProvisionedConfig(4, 0.0)
    assert [held.provisioned_for(number) for number in ("3", "2")] == [4, 0]


def test_two_aliases_on_one_version_add_up():
    held = record(a=Alias("a", "1", ""), b=Alias("b", "1", ""))
    held.provisioned |= {"a": ProvisionedConfig(2, 0.0), "b": ProvisionedConfig(3, 0.0)}
    assert held.provisioned_for("1") == 5
    assert held.provisioned_for("2") == 0
