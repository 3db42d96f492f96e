"""How often a chain has come by a function is written into its trace header."""

from __future__ import annotations

from sandbox.invocation.lineage import entered, inherited

ROOT = "Root=1-6970a2f8-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=0"


def test_a_chain_counts_each_function_by_itself() -> None:
    header, count = entered(ROOT, "a")
    assert count == 1
    header, count = entered(header, "b")
    assert count == 1
    header, count = entered(header, "a")
    assert count == 2
    assert header.startswith(f"{ROOT};Lineage=1:")


def test_a_new_trace_carries_the_chain_on() -> None:
    before, _ = entered(ROOT, "a")
    other = ROOT.replace("0123", "9999")
    assert entered(inherited(other, before), "a")[1] == 2
    assert inherited(other, before).startswith(other)
    assert inherited(other, ROOT) == other
