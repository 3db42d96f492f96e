"""Rotation of secrets end to end, as the Secrets Manager user guide has it ("Rotation by Lambda function", "Troubleshoot
rotation", "AWS CloudTrail entries") and the API reference of RotateSecret, CancelRotateSecret and PutSecretValue.

The function follows AWS's template (aws-samples/aws-secrets-manager-rotation-lambdas, SecretsManagerRotationTemplate).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.delivery.stage import ACCOUNT, REGION, Stage, stage

START = 1_800_000_000.0  # 2027-01-15 08:00 UTC
DAY_S = 86_400
ROTATES = """
import json, os, boto3
sm = boto3.client("secretsmanager")

def handler(event, context):
    print("GOT " + json.dumps(event))
    if event["Step"] == os.environ.get("FAILS"):
        raise RuntimeError("the bank said no")
    arn, token = event["SecretId"], event["ClientRequestToken"]
    versions = sm.describe_secret(SecretId=arn)["VersionIdsToStages"]
    if event["Step"] == "createSecret":
        try:
            sm.get_secret_value(SecretId=arn, VersionId=token, VersionStage="AWSPENDING")
        except sm.exceptions.ResourceNotFoundException:
            sm.put_secret_value(SecretId=arn, ClientRequestToken=token, SecretString=token, VersionStages=["AWSPENDING"])
    elif event["Step"] == "testSecret":
        sm.get_secret_value(SecretId=arn, VersionId=token, VersionStage="AWSPENDING")
    elif event["Step"] == "finishSecret":
        current = next(name for name, labels in versions.items() if "AWSCURRENT" in labels)
        if current != token:
            sm.update_secret_version_stage(
                SecretId=arn, VersionStage="AWSCURRENT", MoveToVersionId=token, RemoveFromVersionId=current
            )
"""


class Vault:
    def __init__(self, at: Stage) -> None:
        self.at = at
        self.secrets = at.client("secretsmanager")
        self.arn = self.secrets.create_secret(Name="key", SecretString="first")["ARN"]
        at.restrict("worker", ["logs:*", "secretsmanager:*"])
        self.function = at.function("rotate", ROTATES)

    def rotate(self, **fields: Any) -> Any:
        return self.secrets.rotate_secret(SecretId="key", **{"RotationLambdaARN": self.function, **fields})

    def fails(self, step: str) -> None:
        variables = {"Variables": {"FAILS": step}} if step else {"Variables": {}}
        self.at.client("lambda").update_function_configuration(FunctionName="rotate", Environment=variables)

    def labels(self) -> list[list[str]]:
        held = self.secrets.describe_secret(SecretId="key")["VersionIdsToStages"].values()
        return sorted(sorted(labels) for labels in held if labels)

    def value(self, **fields: str) -> str:
        return str(self.secrets.get_secret_value(SecretId="key", **fields)["SecretString"])

    def steps(self) -> list[str]:
        return [title.removesuffix(": key") for title in self.at.titles("rotation") if title.endswith("Secret: key")]

    def trail(self) -> list[str]:
        found = self.at.client("cloudtrail").lookup_events(
            LookupAttributes=[{"AttributeKey": "EventSource", "AttributeValue": "secretsmanager.amazonaws.com"}]
        )["Events"]
        return [row["EventName"] for row in reversed(found) if "Rotation" in row["EventName"]]


@pytest.fixture(name="account", scope="module")
def account_of_this_file() -> Iterator[Stage]:
    with stage(start=START) as made:
        yield made


@pytest.fixture
def vault(account: Stage) -> Vault:
    """A secret, and a function that Secrets Manager may invoke."""
    made = Vault(account.again())
    account.allow("rotate", "secretsmanager.amazonaws.com", SourceAccount=ACCOUNT)
    return made


def test_four_invocations_rotate_a_secret(vault: Vault) -> None:
    answer = vault.rotate(RotationRules={"AutomaticallyAfterDays": 30})
    vault.at.settle()
    events = vault.at.events("rotate")
    assert vault.steps() == ["createSecret", "setSecret", "testSecret", "finishSecret"]
    assert sorted(event["Step"] for event in events) == sorted(vault.steps())
    assert {(event["SecretId"], event["ClientRequestToken"]) for event in events} == {(vault.arn, answer["VersionId"])}
    assert all(event["RotationToken"] for event in events)
    assert vault.value() == answer["VersionId"]
    assert vault.value(VersionStage="AWSPREVIOUS") == "first"
    assert vault.labels() == [["AWSCURRENT", "AWSPENDING"], ["AWSPREVIOUS"]]
    shown = vault.secrets.describe_secret(SecretId="key")
    assert (shown["RotationEnabled"], shown["RotationLambdaARN"]) == (True, vault.function)
    assert shown["RotationRules"] == {"AutomaticallyAfterDays": 30}
    assert START <= shown["LastRotatedDate"].timestamp() < START + 60
    assert f"{shown['NextRotationDate']:%m-%d}" in ("02-14", "02-15")
    assert vault.trail() == ["RotationStarted", "RotationSucceeded"]


def test_time_rotates_within_the_day_that_is_due_and_again(vault: Vault) -> None:
    vault.rotate(RotationRules={"AutomaticallyAfterDays": 30})
    vault.at.settle()
    first = vault.value()
    vault.at.control.advance(29 * DAY_S)
    assert vault.value() == first
    vault.at.control.advance(2 * DAY_S)
    second = vault.value()
    assert second != first
    assert vault.value(VersionStage="AWSPREVIOUS") == first
    vault.at.control.advance(31 * DAY_S)
    assert vault.value() not in (first, second)
    assert vault.at.titles("schedule") == ["Rotation of key is due"] * 2


def test_a_failed_step_leaves_the_labels_and_is_tried_again_from_the_first_step(vault: Vault) -> None:
    vault.fails("setSecret")
    pending = vault.rotate(RotationRules={"AutomaticallyAfterDays": 30})["VersionId"]
    vault.at.settle()
    assert vault.steps() == ["createSecret", "setSecret"]
    assert vault.labels() == [["AWSCURRENT"], ["AWSPENDING"]]
    assert (vault.value(), vault.value(VersionStage="AWSPENDING")) == ("first", pending)
    assert vault.at.titles("rotation")[-1] == "Rotation of key failed in setSecret (RuntimeError); again in 60 s"
    with pytest.raises(ClientError, match=r"A previous rotation isn't complete\. That rotation will be reattempted\."):
        vault.rotate()
    vault.fails("")
    vault.at.control.advance(61)
    assert vault.steps()[2:] == ["createSecret", "setSecret", "testSecret", "finishSecret"]
    assert vault.value() == pending
    assert vault.trail() == ["RotationStarted", "RotationFailed", "RotationStarted", "RotationSucceeded"]


def test_retries_end_and_the_next_date_goes_on_with_the_same_version(vault: Vault) -> None:
    vault.fails("testSecret")
    pending = vault.rotate(RotationRules={"ScheduleExpression": "rate(10 days)"})["VersionId"]
    vault.at.control.advance(DAY_S)
    assert vault.steps().count("testSecret") == 6
    vault.fails("")
    vault.at.control.advance(10 * DAY_S)
    assert vault.value() == pending
    rules = vault.secrets.describe_secret(SecretId="key")["RotationRules"]
    assert rules == {"AutomaticallyAfterDays": 10, "ScheduleExpression": "rate(10 days)"}


def test_a_function_that_moves_no_label_has_not_rotated(vault: Vault) -> None:
    vault.at.client("lambda").update_function_configuration(FunctionName="rotate", Handler="app.print")
    vault.rotate()
    vault.at.settle()
    assert vault.trail() == ["RotationStarted", "RotationFailed"]
    with pytest.raises(ClientError, match="can't find the specified secret value for staging label: AWSPENDING"):
        vault.value(VersionStage="AWSPENDING")  # the version is there, and empty


def test_without_haste_only_the_test_step_runs_and_its_version_goes_again(vault: Vault) -> None:
    vault.rotate(RotationRules={"AutomaticallyAfterDays": 3}, RotateImmediately=False)
    vault.at.settle()
    assert (vault.steps(), vault.labels(), vault.value()) == (["testSecret"], [["AWSCURRENT"]], "first")
    assert vault.trail() == ["TestRotationStarted", "TestRotationSucceeded"]
    vault.at.control.advance(4 * DAY_S)
    assert vault.value() != "first"


def test_cancelling_stops_retries_and_dates_and_leaves_the_labels(vault: Vault) -> None:
    vault.fails("setSecret")
    pending = vault.rotate(RotationRules={"AutomaticallyAfterDays": 3})["VersionId"]
    vault.at.settle()
    assert vault.secrets.cancel_rotate_secret(SecretId="key")["VersionId"] == pending
    vault.fails("")
    vault.at.control.advance(10 * DAY_S)
    shown = vault.secrets.describe_secret(SecretId="key")
    assert (shown["RotationEnabled"], shown.get("NextRotationDate"), vault.value()) == (False, None, "first")
    assert shown["RotationRules"] == {"AutomaticallyAfterDays": 3}
    with pytest.raises(ClientError, match="A previous rotation isn't complete"):
        vault.rotate()
    vault.secrets.update_secret_version_stage(SecretId="key", VersionStage="AWSPENDING", RemoveFromVersionId=pending)
    vault.rotate()
    vault.at.settle()
    assert vault.value() not in ("first", pending)


def test_a_value_written_by_hand_abandons_the_rotation_under_way_and_counts_as_one(vault: Vault) -> None:
    vault.fails("setSecret")
    vault.rotate(RotationRules={"AutomaticallyAfterDays": 3})
    vault.at.settle()
    vault.at.control.advance(30)
    vault.secrets.put_secret_value(SecretId="key", SecretString="by hand")
    vault.fails("")
    vault.at.control.advance(2 * DAY_S)
    assert (vault.value(), vault.labels()) == ("by hand", [["AWSCURRENT"], ["AWSPREVIOUS"]])
    assert vault.trail() == ["RotationStarted", "RotationFailed", "RotationAbandoned"]
    vault.at.control.advance(3 * DAY_S)
    assert vault.value() != "by hand"


def test_a_pending_value_is_not_overwritten(vault: Vault) -> None:
    vault.fails("setSecret")
    pending = vault.rotate()["VersionId"]
    vault.at.settle()
    with pytest.raises(ClientError, match="ResourceExistsException"):
        vault.secrets.put_secret_value(
            SecretId="key", ClientRequestToken=pending, SecretString="another", VersionStages=["AWSPENDING"]
        )


def test_a_label_taken_away_by_hand_makes_way_for_a_new_rotation_at_once(vault: Vault) -> None:
    vault.fails("setSecret")
    pending = vault.rotate()["VersionId"]
    vault.at.settle()
    vault.secrets.update_secret_version_stage(SecretId="key", VersionStage="AWSPENDING", RemoveFromVersionId=pending)
    vault.fails("")
    version = vault.rotate()["VersionId"]
    vault.at.control.advance(DAY_S)
    assert vault.value() == version
    assert vault.steps() == ["createSecret", "setSecret", "createSecret", "setSecret", "testSecret", "finishSecret"]


def test_a_label_taken_away_ends_the_retries_and_a_deleted_secret_is_not_rotated(vault: Vault) -> None:
    vault.fails("setSecret")
    pending = vault.rotate(RotationRules={"AutomaticallyAfterDays": 3})["VersionId"]
    vault.at.settle()
    vault.secrets.update_secret_version_stage(SecretId="key", VersionStage="AWSPENDING", RemoveFromVersionId=pending)
    vault.secrets.delete_secret(SecretId="key")
    vault.at.control.advance(4 * DAY_S)
    assert vault.steps() == ["createSecret", "setSecret"]


def test_the_functions_policy_must_let_secrets_manager_in_for_this_account(account: Stage) -> None:
    vault = Vault(account.again())
    message = "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access"
    with pytest.raises(ClientError, match=f"AccessDeniedException.*{message}"):
        vault.rotate()
    account.allow("rotate", "secretsmanager.amazonaws.com", SourceArn=vault.arn + "x")
    with pytest.raises(ClientError, match=message):
        vault.rotate()
    assert "RotationEnabled" not in vault.secrets.describe_secret(SecretId="key")


def test_a_permission_that_is_taken_away_fails_the_rotation_and_is_seen(vault: Vault) -> None:
    vault.rotate(RotationRules={"AutomaticallyAfterDays": 3})
    vault.at.settle()
    vault.at.client("lambda").remove_permission(FunctionName="rotate", StatementId="secretsmanager")
    vault.at.control.advance(4 * DAY_S)
    assert "failed in createSecret (AccessDeniedException)" in vault.at.titles("rotation")[-1]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"RotationLambdaARN": ""}, "InvalidRequestException.*No Lambda rotation function ARN is associated"),
        ({"RotationLambdaARN": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:none"}, "ResourceNotFoundException"),
        ({"RotationRules": {"ScheduleExpression": "rate(1 hours)"}}, "InvalidParameterException"),
        ({"SecretId": "none"}, "ResourceNotFoundException.*can't find the specified secret"),
    ],
)
def test_what_cannot_be_rotated_is_refused(vault: Vault, fields: dict[str, Any], says: str) -> None:
    with pytest.raises(ClientError, match=says):
        vault.secrets.rotate_secret(**{"SecretId": "key", "RotationLambdaARN": vault.function, **fields})


def test_whoever_hands_over_the_function_is_asked_for_the_right_to_invoke_it(vault: Vault) -> None:
    vault.rotate()
    calls = vault.at.control.calls(operation="RotateSecret")
    assert calls[-1]["arns"] == [vault.arn, vault.function]


def test_a_rule_hears_of_a_rotation_that_failed(vault: Vault) -> None:
    """Guide, "Match Secrets Manager events with EventBridge": service events by way of CloudTrail; their ``SecretId`` is what
    consumers of such events read."""
    events, sqs = vault.at.client("events"), vault.at.client("sqs")
    url = sqs.create_queue(QueueName="alerts")["QueueUrl"]
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:alerts"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Statement": [statement]})})
    detail = {"eventSource": ["secretsmanager.amazonaws.com"], "eventName": ["RotationFailed"]}
    pattern = {"source": ["aws.secretsmanager"], "detail-type": ["AWS Service Event via CloudTrail"], "detail": detail}
    events.put_rule(Name="failed-rotations", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="failed-rotations", Targets=[{"Id": "1", "Arn": arn}])
    vault.fails("setSecret")
    vault.rotate()
    vault.at.settle()
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    told = json.loads(message["Body"])
    assert told["detail"]["additionalEventData"] == {"SecretId": vault.arn}
    assert (told["detail"]["eventType"], told["detail"]["errorCode"]) == ("AwsServiceEvent", "RuntimeError")
