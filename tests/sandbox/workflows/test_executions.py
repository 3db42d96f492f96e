"""State machines and their executions: definitions, names, limits, Express, versions, history, metrics."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.delivery.stage import ACCOUNT, REGION, Stage
from tests.sandbox.workflows.machines import ADDS, PICKY, invoke, machine, run, task, workflow_stage


def test_a_machine_as_a_whole_can_time_out_and_be_stopped(at: Stage) -> None:
    wait = {"W": {"Type": "Wait", "Seconds": 1_000, "End": True}}
    found = run(at, wait, TimeoutSeconds=100, name="a")
    assert found["status"] == "TIMED_OUT"
    sfn = at.client("stepfunctions")
    started = sfn.start_execution(stateMachineArn=machine(at, wait, name="b"))
    at.control.advance(1)
    sfn.stop_execution(executionArn=started["executionArn"], error="Enough", cause="stop")
    found = sfn.describe_execution(executionArn=started["executionArn"])
    assert (found["status"], found["error"], found["cause"]) == ("ABORTED", "Enough", "stop")
    assert at.control.info()["quiet"] is True


def test_an_express_machine_answers_at_once(at: Stage) -> None:
    at.function(source=ADDS)
    arn = machine(at, {"Add": invoke()}, kind="EXPRESS")
    sfn = at.client("stepfunctions")
    found = sfn.start_sync_execution(stateMachineArn=arn, input='{"n": 1}')
    assert (found["status"], json.loads(found["output"])) == ("SUCCEEDED", {"n": 2})
    assert found["executionArn"].split(":")[5] == "express"
    with pytest.raises(ClientError, match="StateMachineTypeNotSupported"):
        sfn.list_executions(stateMachineArn=arn)


def test_an_express_machine_that_fails_answers_that_it_failed(at: Stage) -> None:
    arn = machine(at, {"F": {"Type": "Fail", "Error": "Sorry", "Cause": "no"}}, kind="EXPRESS")
    found = at.client("stepfunctions").start_sync_execution(stateMachineArn=arn)
    assert (found["status"], found["error"], found["cause"]) == ("FAILED", "Sorry", "no")


def test_a_name_is_used_once(at: Stage) -> None:
    arn = machine(at, {"W": {"Type": "Wait", "Seconds": 10, "End": True}})
    sfn = at.client("stepfunctions")
    first = sfn.start_execution(stateMachineArn=arn, name="n", input="{}")
    assert sfn.start_execution(stateMachineArn=arn, name="n", input="{}")["executionArn"] == first["executionArn"]
    with pytest.raises(ClientError, match="ExecutionAlreadyExists"):
        sfn.start_execution(stateMachineArn=arn, name="n", input='{"a": 1}')
    at.settle()
    (row,) = sfn.list_executions(stateMachineArn=arn, statusFilter="SUCCEEDED")["executions"]
    assert row["name"] == "n"


def test_a_loop_ends_at_the_limit_of_the_history(at: Stage) -> None:
    """Fact X-12: 25,000 events."""
    found = run(at, {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}})
    assert (found["status"], found["error"]) == ("FAILED", "States.Runtime")
    assert "maximum number of history events" in found["cause"]


def test_only_a_standard_execution_can_be_looked_at(at: Stage) -> None:
    """localstack/localstack stepfunctions v2 test_sfn_api_express.snapshot.json."""
    sfn = at.client("stepfunctions")
    arn = machine(at, {"P": {"Type": "Pass", "End": True}}, kind="EXPRESS")
    started = sfn.start_execution(stateMachineArn=arn)
    with pytest.raises(ClientError, match="Resource type not valid in this context: express"):
        sfn.describe_execution(executionArn=started["executionArn"])
    resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
    with pytest.raises(ClientError, match=r"Express state machine does not support '.waitForTaskToken' service integration"):
        machine(at, {"T": task(resource)}, name="t", kind="EXPRESS")


def test_deleting_nothing_and_asking_for_nothing(at: Stage) -> None:
    sfn = at.client("stepfunctions")
    none = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:none"
    with pytest.raises(ClientError, match=f"State Machine Does Not Exist: '{none}'"):
        sfn.start_execution(stateMachineArn=none)
    with pytest.raises(ClientError, match="Execution Does Not Exist"):
        sfn.describe_execution(executionArn=none.replace("stateMachine:none", "execution:none:x"))
    arn = machine(at, {"P": {"Type": "Pass", "End": True}})
    for text in ("", "{no"):
        with pytest.raises(ClientError, match="InvalidExecutionInput"):
            sfn.start_execution(stateMachineArn=arn, input=text)


@pytest.mark.parametrize(
    ("states", "message"),
    [
        ({"A": {"Type": "Pass", "Next": "Z"}}, "MISSING_TRANSITION_TARGET"),
        ({"A": {"Type": "Pass"}}, "MISSING_END_STATE"),
        ({"A": {"Type": "Sleep", "End": True}}, "Sleep is not a type of state"),
        ({"A": {"Type": "Pass", "QueryLanguage": "JSONata", "End": True}}, "JSONata"),
        ({"A": {"Type": "Pass", "Assign": {"x": 1}, "End": True}}, "variables"),
        ({"A": task("arn:aws:states:::ecs:runTask.sync")}, "ecs:runTask.sync is not executed by this account"),
        ({"A": task("arn:aws:states:::aws-sdk:sqs:flySouth")}, "flySouth is not executed by this account"),
        ({"A": task(f"arn:aws:states:{REGION}:{ACCOUNT}:activity:a")}, "Activities are not executed"),
        (
            {"A": {"Type": "Pass", "Parameters": {"x.$": "States.Nope($.a)"}, "End": True}},
            "States.Nope is not an intrinsic function",
        ),
        ({"A": {"Type": "Pass", "InputPath": "a.b", "End": True}}, "must be a valid JSONPath"),
        (
            {"A": {"Type": "Map", "End": True, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "StartAt": "x"}}},
            "Distributed Map is not executed",
        ),
    ],
)
def test_a_definition_that_cannot_run_is_refused_by_name(at: Stage, states: dict[str, Any], message: str) -> None:
    with pytest.raises(ClientError, match=message) as refused:
        machine(at, states)
    assert refused.value.response["Error"]["Code"] == "InvalidDefinition"
    assert at.client("stepfunctions").list_state_machines()["stateMachines"] == []


def test_a_role_that_trusts_nobody_is_refused(at: Stage) -> None:
    with pytest.raises(ClientError, match="is authorized to assume the provided role"):
        at.client("stepfunctions").create_state_machine(
            name="m",
            definition='{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}',
            roleArn=f"arn:aws:iam::{ACCOUNT}:role/worker",
        )


def test_a_rule_starts_an_execution(at: Stage) -> None:
    arn = machine(at, {"P": {"Type": "Pass", "InputPath": "$.detail", "End": True}})
    events = at.client("events")
    trust = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = at.client("iam").create_role(RoleName="starter", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    at.restrict("starter", ["states:StartExecution"])
    events.put_rule(Name="go", EventPattern='{"source": ["shop"]}')
    events.put_targets(Rule="go", Targets=[{"Id": "1", "Arn": arn, "RoleArn": role}])
    events.put_events(Entries=[{"Source": "shop", "DetailType": "d", "Detail": '{"n": 1}'}])
    at.settle()
    (row,) = at.client("stepfunctions").list_executions(stateMachineArn=arn)["executions"]
    found = at.client("stepfunctions").describe_execution(executionArn=row["executionArn"])
    assert json.loads(found["output"]) == {"n": 1}


def test_the_same_seed_gives_the_same_history() -> None:
    def history() -> list[tuple[int, str]]:
        with workflow_stage() as at:
            at.function(source=PICKY)
            retry = [{"ErrorEquals": ["Busy"], "JitterStrategy": "FULL", "MaxAttempts": 5}]
            run(at, {"Try": invoke(Retry=retry)}, {"fail": 3})
            return [(row["at_ms"], row["title"]) for row in at.control.timeline() if row["kind"] in ("task", "retry", "workflow")]

    first = history()
    assert len(first) == 9
    assert first == history()


def test_a_reset_forgets_executions(at: Stage) -> None:
    arn = machine(at, {"W": {"Type": "Wait", "Seconds": 1_000, "End": True}})
    started = at.client("stepfunctions").start_execution(stateMachineArn=arn)
    at.account.reset()
    assert at.control.info()["quiet"] is True
    assert at.books("state machine executions")["accepted"] == 0
    with pytest.raises(ClientError, match="Execution Does Not Exist"):
        at.client("stepfunctions").describe_execution(executionArn=started["executionArn"])


def test_metrics_count_executions(at: Stage) -> None:
    """Guide, "procedure-cw-metrics"."""
    found = run(at, {"F": {"Type": "Fail", "Error": "E"}})
    dimensions = [{"Name": "StateMachineArn", "Value": found["stateMachineArn"]}]
    now = at.control.now()["now"]
    for name, value in (("ExecutionsStarted", 1.0), ("ExecutionsFailed", 1.0)):
        (point,) = at.client("cloudwatch").get_metric_statistics(
            Namespace="AWS/States", MetricName=name, Dimensions=dimensions, StartTime=now - 60, EndTime=now + 60, Period=60,
            Statistics=["Sum"],
        )["Datapoints"]  # fmt: skip
        assert point["Sum"] == value


def test_an_alias_sends_executions_to_its_version(at: Stage) -> None:
    """localstack/localstack stepfunctions v2 test_sfn_api_versioning.snapshot.json: what is unchanged is published once."""
    sfn = at.client("stepfunctions")
    arn = machine(at, {"P": {"Type": "Pass", "Result": 1, "End": True}})
    first = sfn.publish_state_machine_version(stateMachineArn=arn)["stateMachineVersionArn"]
    assert first == f"{arn}:1" == sfn.publish_state_machine_version(stateMachineArn=arn)["stateMachineVersionArn"]
    alias = sfn.create_state_machine_alias(name="live", routingConfiguration=[{"stateMachineVersionArn": first, "weight": 100}])[
        "stateMachineAliasArn"
    ]
    changed = {"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": 2, "End": True}}}
    sfn.update_state_machine(stateMachineArn=arn, definition=json.dumps(changed))
    second = sfn.publish_state_machine_version(stateMachineArn=arn)["stateMachineVersionArn"]
    versions = sfn.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"]
    assert [row["stateMachineVersionArn"] for row in versions] == [second, first]
    outputs = []
    for target in (alias, arn, first):
        started = sfn.start_execution(stateMachineArn=target)
        at.settle()
        found = sfn.describe_execution(executionArn=started["executionArn"])
        outputs.append((found["output"], found.get("stateMachineVersionArn", ""), found.get("stateMachineAliasArn", "")))
    assert outputs == [("1", first, alias), ("2", "", ""), ("1", first, "")]
    with pytest.raises(ClientError, match="must not be referenced by an alias"):
        sfn.delete_state_machine_version(stateMachineVersionArn=first)
    sfn.delete_state_machine_version(stateMachineVersionArn=second)
    assert len(sfn.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"]) == 1
