"""What the task promises beyond its twins: each learner's own values count, and designs that differ from ours pass."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from autograder.assessment import load_assessment
from autograder.judge import Judge
from autograder.proof import lost
from autograder.source_tree import SourceTree, read_tree, tree_of

ASSESSMENT = load_assessment(Path(__file__).parents[2] / "assessments/canary-with-rollback")
KEY = bytes(range(16))
SOUND = read_tree(ASSESSMENT.folder / "solutions/sam")


def edited(tree: SourceTree, changes: Mapping[str, Mapping[str, str]]) -> SourceTree:
    files = dict(tree.files)
    for name, edits in changes.items():
        text = files[name].decode()
        for before, after in edits.items():
            assert before in text
            text = text.replace(before, after)
        files[name] = text.encode()
    return tree_of(files)


def varied(learner: str) -> SourceTree:
    """The solution as that learner would write it, with the hook after the shift as well and a policy for one version alone."""
    mine = ASSESSMENT.variant(KEY, learner)
    template = {
        "AutoPublishAlias: live": f"AutoPublishAlias: {mine['alias']}",
        "${Quote}:live": f"${{Quote}}:{mine['alias']}",
        "Canary10Percent5Minutes": f"Canary10Percent{mine['minutes']}Minutes",
        'PROBE_QUANTITY: "3"': f'PROBE_QUANTITY: "{mine["probe_quantity"]}"',
        '!Sub "${Quote.Arn}:*"': "!Ref Quote.Version",
        "Hooks: {PreTraffic: !Ref Check}": "Hooks: {PreTraffic: !Ref Check, PostTraffic: !Ref Check}",
    }
    field = {'"cents"': f'"{mine["field"]}"'}
    return edited(SOUND, {"template.yaml": template, "src/app.py": field, "hooks/check.py": field})


def test_a_learner_is_judged_by_their_own_values_and_not_by_those_of_the_text() -> None:
    learner = next(name for name in (f"learner-{number}" for number in range(200)) if differs(name))
    with Judge(ASSESSMENT, course_key=KEY) as judge:
        assert lost(judge.report_of(varied(learner), learner, learner)) == {}
        copied = judge.report_of(SOUND, learner, learner)
    assert copied.score < 0.2 * copied.max


def differs(learner: str) -> bool:
    mine = ASSESSMENT.variant(KEY, learner)
    return all(mine[choice.name] != choice.default for choice in ASSESSMENT.choices)
