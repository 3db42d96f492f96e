"""What the task promises beyond its twins: designs that differ from ours pass."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from autograder.assessment import load_assessment
from autograder.judge import Judge
from autograder.proof import lost
from autograder.solutions import solution
from autograder.source_tree import SourceTree, tree_of

ASSESSMENT = load_assessment(Path(__file__).parents[2] / "assessments/canary-with-rollback")
SOUND = solution(ASSESSMENT, "sam")


def edited(tree: SourceTree, changes: Mapping[str, Mapping[str, str]]) -> SourceTree:
    files = dict(tree.files)
    for name, edits in changes.items():
        text = files[name].decode()
        for before, after in edits.items():
            assert before in text
            text = text.replace(before, after)
        files[name] = text.encode()
    return tree_of(files)


def test_a_hook_after_the_shift_as_well_and_a_policy_for_one_version_alone_are_sound() -> None:
    template = {
        '!Sub "${Quote.Arn}:*"': "!Ref Quote.Version",
        "Hooks: {PreTraffic: !Ref Check}": "Hooks: {PreTraffic: !Ref Check, PostTraffic: !Ref Check}",
    }
    with Judge(ASSESSMENT) as judge:
        assert lost(judge.report_of(edited(SOUND, {"template.yaml": template}), "other")) == {}
