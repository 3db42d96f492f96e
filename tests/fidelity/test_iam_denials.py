"""The wording of denials: IAM user guide, "Troubleshoot access denied error messages", example by example; codes and statuses as
recorded in public logs of AWS SDKs (the Go SDK prints ``StatusCode`` and ``api error`` of the answer)."""

from __future__ import annotations

import pytest

from sandbox.iam.denial import denial
from sandbox.iam.principal import Principal
from sandbox.iam.verdict import Check, Verdict


def john(account: str = "777788889999") -> Principal:
    return Principal("user", account, f"arn:aws:iam::{account}:user/John", user_name="John")


SECRET = "arn:aws:secretsmanager:us-east-1:777788889999:secret:s"
SAYS = "User: arn:aws:iam::777788889999:user/John is not authorized to perform: "


@pytest.mark.parametrize(
    ("decision", "missing", "action", "ending"),
    [
        (
            "implicitDeny",
            "scp",
            "codecommit:ListRepositories",
            "because no service control policy allows the codecommit:ListRepositories action",
        ),
        ("explicitDeny", "scp", "codecommit:ListRepositories", "with an explicit deny in a service control policy"),
        (
            "implicitDeny",
            "boundary",
            "codedeploy:ListDeployments",
            "because no permissions boundary allows the codedeploy:ListDeployments action",
        ),
        ("explicitDeny", "boundary", "sts:GetFederationToken", "with an explicit deny in a permissions boundary"),
        (
            "implicitDeny",
            "session",
            "codecommit:ListRepositories",
            "because no session policy allows the codecommit:ListRepositories action",
        ),
        ("explicitDeny", "session", "codedeploy:ListDeployments", "with an explicit deny in a session policy"),
        (
            "implicitDeny",
            "resource",
            "secretsmanager:GetSecretValue",
            "because no resource-based policy allows the secretsmanager:GetSecretValue action",
        ),
        ("explicitDeny", "resource", "secretsmanager:GetSecretValue", "with an explicit deny in a resource-based policy"),
        (
            "implicitDeny",
            "identity",
            "codecommit:ListRepositories",
            "because no identity-based policy allows the codecommit:ListRepositories action",
        ),
        ("explicitDeny", "identity", "codedeploy:ListDeployments", "with an explicit deny in an identity-based policy"),
    ],
)
def test_each_kind_of_policy_is_named(decision, missing, action: str, ending: str) -> None:
    """Source: IAM user guide, troubleshoot_access-denied, "Access denied error message examples"."""
    error = denial("codedeploy", john(), Check(action, SECRET, {}), Verdict(decision, (), missing))
    assert error.message == f"{SAYS}{action} on resource: {SECRET} {ending}"


@pytest.mark.parametrize(
    ("decision", "ending"),
    [
        ("implicitDeny", "because no role trust policy allows the sts:AssumeRole action"),
        ("explicitDeny", "with an explicit deny in the role trust policy"),
    ],
)
def test_a_trust_policy_is_named_without_the_role(decision, ending: str) -> None:
    """Source: IAM user guide, troubleshoot_access-denied, "Access denied due to role trust policies"."""
    check = Check("sts:AssumeRole", "arn:aws:iam::777788889999:role/app", {})
    assert denial("sts", john(), check, Verdict(decision, (), "trust")).message == f"{SAYS}sts:AssumeRole {ending}"


def test_sqs_as_recorded() -> None:
    """Source: recorded answers, "(AccessDenied) when calling the ReceiveMessage operation … perform: sqs:receivemessage"."""
    check = Check("sqs:CreateQueue", "arn:aws:sqs:us-east-1:123456789012:wd-test", {})
    caller = Principal("role", "123456789012", "arn:aws:sts::123456789012:assumed-role/whydenied-test-denied/botocore-session")
    error = denial("sqs", caller, check, Verdict("implicitDeny", (), "identity"))
    assert error.code == "AccessDenied"
    assert error.message == (
        f"User: {caller.arn} is not authorized to perform: sqs:createqueue on resource: {check.resource} because no "
        "identity-based policy allows the sqs:createqueue action"
    )


def test_sns_as_recorded() -> None:
    """Source: recorded answer, "(AuthorizationError) when calling the Publish operation: User: … perform: SNS:Publish", 403."""
    check = Check("sns:Publish", "arn:aws:sns:us-east-1:777788889999:aaa", {})
    error = denial("sns", john(), check, Verdict("implicitDeny", (), "resource"))
    assert (error.code, error.status) == ("AuthorizationError", 403)
    assert (error.message or "").endswith("because no resource-based policy allows the SNS:Publish action")


def test_logs_as_recorded() -> None:
    """Source: recorded answer, "CloudWatch Logs: CreateLogGroup, https response error StatusCode: 400 … AccessDeniedException …
    on resource: arn:aws:logs:us-east-1:…:log-group:…:log-stream:"."""
    check = Check("logs:CreateLogGroup", "arn:aws:logs:us-east-1:777788889999:log-group:/ecs/app:log-stream:", {})
    error = denial("logs", john(), check, Verdict("implicitDeny", (), "identity"))
    assert (error.code, error.status) == ("AccessDeniedException", 400)
    assert " on resource: arn:aws:logs:us-east-1:777788889999:log-group:/ecs/app:log-stream: because " in (error.message or "")


LAYER = Check("lambda:GetLayerVersion", "arn:aws:lambda:us-east-1:770693421928:layer:pillow:1", {}, "770693421928")


def test_lambda_tells_a_foreign_caller_that_its_resource_policy_was_silent() -> None:
    """Source: answers to users of public layers (keithrozario/Klayers), "(AccessDeniedException) when calling the
    UpdateFunctionConfiguration operation: User: … is not authorized to perform: lambda:GetLayerVersion on resource: … because no
    resource-based policy allows the lambda:GetLayerVersion action", the layer being another account's."""
    error = denial("lambda", john(), LAYER, Verdict("implicitDeny", (), "resource"))
    assert (error.message or "").endswith(" because no resource-based policy allows the lambda:GetLayerVersion action")


@pytest.mark.parametrize("verdict", [Verdict("implicitDeny", (), "identity"), Verdict("explicitDeny", (), "resource")])
def test_lambda_tells_a_foreign_caller_nothing_else(verdict: Verdict) -> None:
    """No answer of this kind was seen (``docs/fidelity.md``)."""
    assert (denial("lambda", john(), LAYER, verdict).message or "").endswith("layer:pillow:1")
