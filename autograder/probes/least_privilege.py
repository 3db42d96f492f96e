"""What a role may do beyond what it needs: asked action by action on canaries, so that spelling does not matter.

A canary is a resource the function has no business with, or one it has some business with. A grant of the task (``Grant``) says
which business that is. Answers that no recorded answer of AWS settles (``Verdict.undecided``) count for the role.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from autograder.probes.invocation import Guarded
from autograder.probes.roles import Role
from sandbox.iam.evaluate import evaluate
from sandbox.iam.operations.call_site import CallSite
from sandbox.iam.principal import NamedPolicy
from sandbox.iam.statement import statements_of, texts
from sandbox.iam.verdict import Check, StatementMatch

# What every call of a function brings along, so that a condition on it is no fig leaf.
_USER_AGENT = "Boto3/1.40 md/Botocore#1.40 exec-env/AWS_Lambda_python3.13"
_NOW = 1_767_225_600.0  # 2026-01-01, when the judge's accounts begin

_READING = ("get", "list", "describe", "head", "query", "scan", "select", "batchget", "lookup", "search", "view")


@dataclass(frozen=True, slots=True)
class Grant:
    """Actions that a sound design may need on these resources; patterns with ``*``, actions without regard to case."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]

    def covers(self, action: str, resource: str) -> bool:
        named = any(fnmatchcase(action.lower(), pattern.lower()) for pattern in self.actions)
        return named and any(_glob(pattern, resource) for pattern in self.resources)


@dataclass(frozen=True, slots=True)
class Canary:
    """``group`` is a table of universe.toml; ``facet`` what a check counts apart; ``words`` name it without its name."""

    group: str
    facet: str
    arn: str
    words: str
    account: str = ""


@dataclass(frozen=True, slots=True)
class Excess:
    """One thing too many that a role may do, and the statement that lets it."""

    facet: str
    action: str
    kind: str  # read, write, delete, list, exposure, identity …
    words: str
    statement: str

    @property
    def told(self) -> str:
        return f"{self.statement} allows {self.action} on {self.words}"


def excess(role: Role, canaries: Sequence[Canary], grants: Sequence[Grant], guarded: Sequence[Guarded] = ()) -> list[Excess]:
    """Every (action, canary) the role may use and no grant covers, in the order of the canaries.

    ``guarded`` are resources whose own policies take part, for they can let a role in as well.
    """
    found: dict[tuple[str, str, str], Excess] = {}
    own = _own_actions(role)
    for canary in (*canaries, *_own_places(role)):
        asked = dict(_universe()[canary.group])
        if canary.group == "elsewhere":
            asked |= own
        for action, kind in asked.items():
            if not _speaks_of(canary, action, kind) or any(grant.covers(action, canary.arn) for grant in grants):
                continue
            match = _allowed(role, action, canary, guarded)
            if match is not None:
                found.setdefault(
                    (canary.facet, action, canary.words), Excess(canary.facet, action, kind, canary.words, _named(match))
                )
    return list(found.values())


def may(role: Role, action: str, resource: str, account: str = "") -> bool:
    return _allowed(role, action, Canary("", "", resource, "", account)) is not None


@cache
def _universe() -> Mapping[str, Mapping[str, str]]:
    """Per group: action to its kind."""
    document = tomllib.loads(Path(__file__).with_name("universe.toml").read_text("utf-8"))
    return {group: {action: kind for kind, actions in kinds.items() for action in actions} for group, kinds in document.items()}


def _own_actions(role: Role) -> dict[str, str]:
    """What the role's own policies name and the universe does not know: each pattern stands for an action it matches."""
    known = {action.lower() for kinds in _universe().values() for action in kinds}
    found: dict[str, str] = {}
    for pattern in _patterns(role.policies.identity):
        action = pattern.replace("*", "Anything").replace("?", "a")
        service, _, name = action.partition(":")
        if name and action.lower() not in known and service.lower() not in _SERVICES_ASKED:
            found[action] = "read" if name.lower().startswith(_READING) else "write"
    return found


# Their actions are asked about one by one above; what else they have needs no permission on a resource of its own.
_SERVICES_ASKED = frozenset({"*", "s3", "sns", "sqs", "dynamodb", "xray", "iam", "sts", "lambda"})


def _patterns(policies: Iterable[NamedPolicy]) -> Iterator[str]:
    for policy in policies:
        for row in statements_of(policy.document):
            if row.get("Effect") == "Allow":
                yield from texts(row.get("Action"))


def _speaks_of(canary: Canary, action: str, kind: str) -> bool:
    """A place of one service is asked about that service's actions, and never about those that know no resource."""
    parts = canary.arn.split(":")
    if canary.group not in ("elsewhere", "escalation") or len(parts) < 6 or parts[2] == "anything":
        return True
    return kind != "list" and action.partition(":")[0].lower() in (parts[2], "*")


def _own_places(role: Role) -> Iterator[Canary]:
    """Places the role's own policies name, for what is asked about anything: one that each pattern matches."""
    for policy in role.policies.identity:
        for row in statements_of(policy.document):
            for pattern in (*texts(row.get("Resource")), *(("*",) if "NotResource" in row else ())):
                arn = pattern if "${" in pattern else pattern.replace("*", "anything").replace("?", "a")
                words = "anything" if pattern == "*" else pattern
                yield Canary("elsewhere", "elsewhere", arn, words)
                yield Canary("escalation", "escalation", arn, words)


def _allowed(role: Role, action: str, canary: Canary, guarded: Sequence[Guarded] = ()) -> StatementMatch | None:
    """The statement that allows it to one of the role's functions, under the most permissive context a caller could bring."""
    own = next((one.policy for one in guarded if canary.arn == one.arn or canary.arn.startswith(f"{one.arn}/")), None)
    known = {"aws:ResourceAccount": canary.account or role.account_id, "aws:SourceAccount": role.account_id}
    for principal in role.principals:
        site = CallSite(role.account_id, "us-east-1", principal, user_agent=_USER_AGENT, now=_NOW)
        check = Check(action, canary.arn, {**site.global_keys(), **known}, role.account_id)
        verdict = evaluate(principal, check, role.policies, own)
        if verdict.allowed and not verdict.undecided:
            return next((match for match in verdict.matches if match.policy_type == "identity"), verdict.matches[0])
    return None


def _named(match: StatementMatch) -> str:
    return f"Statement {match.sid or match.index + 1} of the policy {match.policy_name}"


def _glob(pattern: str, text: str) -> bool:
    """Square brackets are no wildcards in ARNs."""
    return fnmatchcase(text, pattern.replace("[", "[[]"))
