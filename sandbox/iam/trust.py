"""Who may become a role.

A trust policy that names the caller itself is enough within an account; one that names the account only delegates, so that the
caller's identity policies decide; across accounts both must allow (IAM user guide, "How permissions for users to switch roles
work" and "Policy evaluation logic").
"""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.iam.evaluate import evaluate
from sandbox.iam.principal import NamedPolicy, PolicySet, Principal
from sandbox.iam.verdict import Check, ContextValue, Verdict

_TRUSTING = PolicySet(
    identity=(
        NamedPolicy("assumed", {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:*", "Resource": "*"}]}),
    )
)


def may_assume(
    principal: Principal,
    role_arn: str,
    trust: NamedPolicy,
    action: str = "sts:AssumeRole",
    context: Mapping[str, ContextValue] | None = None,
    policies: PolicySet | None = None,
) -> Verdict:
    """``context`` brings ``sts:ExternalId``, ``aws:SourceAccount`` …; services have no policies of their own.

    Without ``policies`` the answer is the trust policy's alone, as if the caller's own policies allowed everything.
    """
    account = role_arn.split(":")[4] if role_arn.count(":") >= 5 else ""
    check = Check(action, role_arn, dict(context or {}), account, role_arn)
    return evaluate(principal, check, _TRUSTING if policies is None else policies, trust)


def trusts_service(trust: NamedPolicy, role_arn: str, service: Principal) -> bool:
    """May this service (``lambda.amazonaws.com``) assume the role? What CreateFunction asks of an execution role."""
    return may_assume(service, role_arn, trust).allowed
