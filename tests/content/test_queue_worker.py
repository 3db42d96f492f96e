"""What the task promises beyond its twins: each learner's own values count."""

from __future__ import annotations

from pathlib import Path

from autograder.assessment import load_assessment
from autograder.judge import Judge
from autograder.proof import lost
from autograder.source_tree import SourceTree, read_tree, tree_of

ASSESSMENT = load_assessment(Path(__file__).parents[2] / "assessments/queue-worker")
KEY = bytes(range(16))


def varied(tree: SourceTree, learner: str) -> SourceTree:
    """The solution as that learner would write it: its template holds the values."""
    mine, text = ASSESSMENT.variant(KEY, learner), tree.files["template.yaml"].decode()
    for before, after in {
        "maxReceiveCount: 3": f"maxReceiveCount: {mine['attempts']}",
        "MaximumConcurrency: 5": f"MaximumConcurrency: {mine['concurrency']}",
        "Threshold: 600": f"Threshold: {60 * mine['waiting_min']}",
        'QUANTITY_MAX: "100"': f'QUANTITY_MAX: "{mine["quantity_max"]}"',
        "TOTAL_ATTRIBUTE: totalCents": f"TOTAL_ATTRIBUTE: {mine['total']}",
    }.items():
        assert text.count(before) == 1
        text = text.replace(before, after)
    orders = tree.files["src/orders.py"].decode().replace('"quantity"', f'"{mine["quantity"]}"')
    return tree_of({**tree.files, "template.yaml": text.encode(), "src/orders.py": orders.encode()})


def test_a_learner_is_judged_by_their_own_values_and_not_by_those_of_the_text() -> None:
    names = [f"learner-{number}" for number in range(200)]
    learner = next(name for name in names if differs(name))
    sound = read_tree(ASSESSMENT.folder / "solutions/transaction")
    with Judge(ASSESSMENT, course_key=KEY) as judge:
        assert lost(judge.report_of(varied(sound, learner), learner, learner)) == {}
        copied = judge.report_of(sound, learner, learner)
    assert {"orders", "broken-orders", "waiting-alarm", "figures"} <= set(lost(copied))
    assert copied.score < 20, "whose orders have another name for how many stores none"


def differs(learner: str) -> bool:
    mine = ASSESSMENT.variant(KEY, learner)
    return all(mine[choice.name] != choice.default for choice in ASSESSMENT.choices)
