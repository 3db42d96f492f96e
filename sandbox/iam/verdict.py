"""The question the gate asks (``Check``) and the answer it gets (``Verdict``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

ContextValue = str | Sequence[str]
Decision = Literal["allowed", "explicitDeny", "implicitDeny"]
PolicyType = Literal["identity", "resource", "boundary", "session", "scp", "trust", "endpoint"]


@dataclass(frozen=True, slots=True)
class Check:
    """One action on one resource. ``context`` holds condition keys (any case) to a string or several.

    ``resource`` is ``*`` for actions that know no resource type. ``resource_policy_arn`` names the resource whose own policy
    takes part when that differs from ``resource`` (an S3 object's is its bucket's).
    """

    action: str
    resource: str
    context: Mapping[str, ContextValue] = field(default_factory=dict, hash=False)
    resource_account: str = ""
    resource_policy_arn: str = ""


@dataclass(frozen=True, slots=True)
class StatementMatch:
    """The statement that decided: its policy's type and name, its position, and its Sid if it has one."""

    policy_type: PolicyType
    policy_name: str
    index: int
    sid: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``missing`` names the policy type whose silence or Deny decided (AWS's "because no … policy allows").

    ``undecided`` names the classes of question (``sandbox.iam.evaluate``) that this answer touched and that no recorded
    answer of AWS settles yet; a grade must not rest on such a verdict.
    """

    decision: Decision
    matches: tuple[StatementMatch, ...] = ()
    missing: PolicyType | None = None
    undecided: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        return self.decision == "allowed"
