"""How a check tells of privileges: what was denied, what is too much by statement, and what would have been enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.checks.expect import Tally
from autograder.evidence import Evidence
from autograder.probes.least_privilege import Canary, Excess, Grant, excess
from autograder.probes.roles import Role

TOLD_MAX = 5
_ACTIONS = {
    "HeadObject": "s3:GetObject",
    "ListObjectsV2": "s3:ListBucket",
    "SendMessageBatch": "sqs:SendMessage",
    "DeleteMessageBatch": "sqs:DeleteMessage",
    "PublishBatch": "sns:Publish",
}


def denials(evidence: Evidence, roles: Sequence[Role]) -> list[str]:
    """In words, each thing a role asked for and was denied, sorted; the first few of them."""
    denied = [call for call in evidence.calls if not call["allowed"] and _made_by(call["principal"], roles)]
    told = sorted({f"{call['service']}:{call['operation']} on {', '.join(call['arns']) or '*'}" for call in denied})
    return told[:TOLD_MAX]


def tell_excess(
    evidence: Evidence,
    roles: Sequence[Role],
    canaries: Sequence[Canary],
    grants: Sequence[Grant],
    facets: Mapping[str, float],
) -> None:
    """Each facet counts by itself, by its weight. Raises Partly: what is too much, by statement, then what is enough."""
    if "excess" not in evidence.facts:  # the same for every check that asks
        evidence.facts["excess"] = [one for role in roles for one in excess(role, canaries, grants)]
    tell(evidence.facts["excess"], facets, f" Enough was: {enough(evidence, roles, grants)}.")


def tell(found: Sequence[Excess], facets: Mapping[str, float], remark: str = "") -> None:
    """The same for what was found already; the ``remark`` ends the message."""
    mine = [one for one in found if one.facet in facets]
    lines = list(dict.fromkeys(one.told for one in mine))
    more = f"; and {len(lines) - TOLD_MAX} more" if len(lines) > TOLD_MAX else ""
    message = f"{'; '.join(lines[:TOLD_MAX])}{more}.{remark}"
    with Tally() as tally:
        for facet, weight in facets.items():
            tally.expect(all(one.facet != facet for one in mine), message, weight=weight)


def enough(evidence: Evidence, roles: Sequence[Role], grants: Sequence[Grant]) -> str:
    """The smallest policy that what was seen needed: from the calls the roles made, as wide as the task allows."""
    needed: dict[str, None] = {}
    for call in evidence.calls:
        if not _made_by(call["principal"], roles):
            continue
        action = _ACTIONS.get(call["operation"], f"{call['service']}:{call['operation']}")
        for arn in call["arns"]:
            grant = next((grant for grant in grants if grant.covers(action, arn)), None)
            if grant is not None:
                where = next(pattern for pattern in grant.resources if Grant(("*",), (pattern,)).covers("a", arn))
                needed[f"{action} on {where}"] = None
    return "; ".join(sorted(needed)) or "nothing"


def _made_by(principal: str, roles: Sequence[Role]) -> bool:
    return any(f"/{role.name}/" in f"{principal}/" for role in roles)
