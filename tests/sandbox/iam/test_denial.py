from __future__ import annotations

import pytest

from sandbox.iam.denial import denial
from sandbox.iam.principal import anonymous
from sandbox.iam.verdict import Check, Verdict

QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"


def implicit(missing="identity") -> Verdict:
    return Verdict("implicitDeny", (), missing)


@pytest.mark.parametrize(
    ("service", "code", "status"),
    [
        ("lambda", "AccessDeniedException", 403),
        ("s3", "AccessDenied", 403),
        ("sqs", "AccessDenied", 403),
        ("sns", "AuthorizationError", 403),
        ("iam", "AccessDenied", 403),
        ("sts", "AccessDenied", 403),
        ("cloudformation", "AccessDenied", 403),
        ("cloudwatch", "AccessDenied", 403),
        ("dynamodb", "AccessDeniedException", 400),
        ("dynamodbstreams", "AccessDeniedException", 400),
        ("kinesis", "AccessDeniedException", 400),
        ("events", "AccessDeniedException", 400),
        ("stepfunctions", "AccessDeniedException", 400),
        ("logs", "AccessDeniedException", 400),
        ("kms", "AccessDeniedException", 400),
        ("secretsmanager", "AccessDeniedException", 400),
        ("ssm", "AccessDeniedException", 400),
        ("codedeploy", "AccessDeniedException", 400),
        ("scheduler", "AccessDeniedException", 403),
        ("xray", "AccessDeniedException", 403),
        ("apigateway", "AccessDeniedException", 403),
        ("apigatewayv2", "AccessDeniedException", 403),
    ],
)
def test_code_and_status_follow_the_service(iam, service: str, code: str, status: int) -> None:
    error = denial(service, iam.user(), Check("x:Do", "arn:x", {}), implicit())
    assert (error.code, error.status) == (code, status)


def test_sqs_writes_the_action_in_lower_case(iam) -> None:
    error = denial("sqs", iam.user(), Check("sqs:SendMessage", QUEUE, {}), implicit())
    assert error.message == (
        f"User: {iam.user().arn} is not authorized to perform: sqs:sendmessage on resource: {QUEUE} "
        "because no identity-based policy allows the sqs:sendmessage action"
    )


def test_s3_quotes_the_resource_and_says_little_to_strangers(iam) -> None:
    check = Check("s3:GetObject", "arn:aws:s3:::b/k", {}, iam.account)
    assert ' on resource: "arn:aws:s3:::b/k" because' in (denial("s3", iam.user(), check, implicit()).message or "")
    assert denial("s3", anonymous(), check, implicit("resource")).message == "Access Denied"
    assert denial("s3", iam.user(account=iam.other), check, implicit("resource")).message == "Access Denied"


def test_reading_code_from_s3_fails_in_lambdas_words(iam) -> None:
    error = denial("lambda", iam.user(), Check("s3:GetObject", "arn:aws:s3:::b/k", {}), implicit())
    assert (error.message or "").startswith("Your access has been denied by S3, please make sure")


def test_secrets_manager_repeats_the_id_it_was_given(iam) -> None:
    check = Check("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:::secret:db-??????", {"secretsmanager:SecretId": "db"})
    assert " on resource: db because" in (denial("secretsmanager", iam.user(), check, implicit()).message or "")


def test_other_accounts_are_not_told_which_policy_decided(iam) -> None:
    check = Check("sqs:SendMessage", QUEUE, {}, iam.account)
    message = denial("sqs", iam.user(account=iam.other), check, implicit("resource")).message or ""
    assert message.endswith(QUEUE)
