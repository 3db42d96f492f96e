"""What the learner's own user needs for the labs and no more: ``learner_policy.json`` with account and short name filled in."""

from __future__ import annotations

from importlib import resources
from string import Template


def learner_policy(account_id: str, learner: str) -> str:
    """A managed policy's document. Names begin with the learner's prefix, so it reaches nothing of anybody else's."""
    text = resources.files("courseware.aws").joinpath("learner_policy.json").read_text("utf-8")
    return Template(text).substitute(account=account_id, learner=learner)
