"""The error AWS gives for a refused request.

Sources: IAM user guide, "Troubleshoot access denied error messages" for the wording; recorded answers for codes and statuses
(JSON services answer 400, REST and query services 403; SNS says ``AuthorizationError`` and ``SNS:``; SQS writes actions in lower
case; S3 quotes the resource; Secrets Manager repeats the id it was given).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sandbox.errors import AwsError
from sandbox.iam.principal import Principal
from sandbox.iam.verdict import Check, PolicyType, Verdict

_BARE: Final = frozenset({"cloudformation", "cloudwatch", "iam", "s3", "sqs", "sts"})  # code AccessDenied, without "Exception"
_STATUS_400: Final = frozenset(
    {
        "codedeploy",
        "dynamodb",
        "dynamodbstreams",
        "events",
        "kinesis",
        "kms",
        "logs",
        "organizations",
        "resourcegroupstaggingapi",
        "secretsmanager",
        "ssm",
        "stepfunctions",
    }
)
_SAYS_NO_STAR: Final = frozenset({"cloudwatch", "s3"})  # their messages name no resource where there is none
# Seen with callers of other accounts; Secrets Manager also where the caller's own half was missing (``docs/fidelity.md``).
_TELLS_FOREIGNERS: Final = frozenset({"lambda", "secretsmanager"})
_BLAMES_ITS_POLICY: Final = frozenset({"secretsmanager"})
_SILENT: Final[Mapping[PolicyType, str]] = {
    "identity": "identity-based policy",
    "resource": "resource-based policy",
    "boundary": "permissions boundary",
    "session": "session policy",
    "scp": "service control policy",
    "trust": "role trust policy",
    "endpoint": "VPC endpoint policy",
}
_EXPLICIT: Final[Mapping[PolicyType, str]] = {
    "identity": "an identity-based policy",
    "resource": "a resource-based policy",
    "boundary": "a permissions boundary",
    "session": "a session policy",
    "scp": "a service control policy",
    "trust": "the role trust policy",
    "endpoint": "a VPC endpoint policy",
}


def denial(service: str, principal: Principal, check: Check, verdict: Verdict) -> AwsError:
    """``service`` is botocore's name of the API that was called; the refused action may be another service's (PassRole)."""
    said = message(service, principal, check, verdict)
    if service == "sns":
        return AwsError("AuthorizationError", said, 403)
    if service == "ec2":
        return AwsError("UnauthorizedOperation", f"You are not authorized to perform this operation. {said}", 403)
    code = "AccessDenied" if service in _BARE else "AccessDeniedException"
    return AwsError(code, said, 400 if service in _STATUS_400 else 403)


def message(service: str, principal: Principal, check: Check, verdict: Verdict) -> str:
    """AWS's sentence. Callers of the resource's own account are told which kind of policy decided; of the others, those of the
    services that were seen to tell (``_reason``).
    """
    if service == "s3" and (principal.kind == "anonymous" or _foreign(principal, check)):
        return "Access Denied"
    if service == "lambda" and check.action.startswith("s3:"):
        bucket = check.resource.partition(":::")[2].partition("/")[0]
        return (
            "Your access has been denied by S3, please make sure your request credentials have permission to GetObject for "
            f"{bucket}. S3 Error Code: AccessDenied. S3 Error Message: Access Denied"
        )
    action = _action(check.action)
    who = "anonymous" if principal.kind == "anonymous" else principal.arn
    resource, reason = _resource(service, check, verdict), _reason(service, action, principal, check, verdict)
    return f"User: {who} is not authorized to perform: {action}{resource}{reason}"


def _action(action: str) -> str:
    prefix, _, name = action.partition(":")
    if prefix == "sns":
        return f"SNS:{name}"
    return action.lower() if prefix == "sqs" else action


def _resource(service: str, check: Check, verdict: Verdict) -> str:
    if verdict.missing == "trust" or (check.resource == "*" and service in _SAYS_NO_STAR):
        return ""
    named = check.context.get("secretsmanager:SecretId") or check.context.get("secretsmanager:Name")
    if service == "secretsmanager" and isinstance(named, str):
        return f" on resource: {named}"
    return f' on resource: "{check.resource}"' if service == "s3" else f" on resource: {check.resource}"


def _reason(service: str, action: str, principal: Principal, check: Check, verdict: Verdict) -> str:
    if verdict.missing is None:
        return ""
    if _foreign(principal, check):
        seen = verdict.decision == "implicitDeny" and (verdict.missing == "resource" or service in _BLAMES_ITS_POLICY)
        return f" because no resource-based policy allows the {action} action" if seen and service in _TELLS_FOREIGNERS else ""
    if verdict.decision == "explicitDeny":
        return f" with an explicit deny in {_EXPLICIT[verdict.missing]}"
    return f" because no {_SILENT[verdict.missing]} allows the {action} action"


def _foreign(principal: Principal, check: Check) -> bool:
    account = check.resource_account
    return bool(account) and account != "aws" and account != principal.account_id
