"""State machines end to end: states, errors, time, permissions, history."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.delivery.stage import ACCOUNT, REGION, Stage, stage

ROLE = f"arn:aws:iam::{ACCOUNT}:role/machine"
ADDS = "def handler(event, context):\n    return {'n': event['n'] + 1}\n"
PICKY = """
class Busy(Exception):
    pass
calls = []
def handler(event, context):
    calls.append(1)
    if event.get('fail', 0) >= len(calls):
        raise Busy('come back later')
    return {'calls': len(calls)}
"""


@pytest.fixture
def at() -> Iterator[Stage]:
    with stage(start=1_800_000_000.0) as made:
        trust = {"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        made.client("iam").create_role(RoleName="machine", AssumeRolePolicyDocument=document)
        made.restrict("machine", ["lambda:InvokeFunction", "sqs:*", "sns:*", "dynamodb:*", "events:*", "states:*"])
        yield made


def _machine(at: Stage, states: dict[str, Any], name: str = "m", kind: str = "STANDARD", **fields: Any) -> str:
    definition = json.dumps({"StartAt": next(iter(states)), "States": states, **fields})
    sfn = at.client("stepfunctions")
    return str(sfn.create_state_machine(name=name, definition=definition, roleArn=ROLE, type=kind)["stateMachineArn"])


def _run(at: Stage, states: dict[str, Any], data: Any = None, **fields: Any) -> dict[str, Any]:
    arn = _machine(at, states, **fields)
    started = at.client("stepfunctions").start_execution(stateMachineArn=arn, input=json.dumps(data if data is not None else {}))
    at.settle()
    found: dict[str, Any] = at.client("stepfunctions").describe_execution(executionArn=started["executionArn"])
    return found


def _output(at: Stage, states: dict[str, Any], data: Any = None) -> Any:
    found = _run(at, states, data)
    assert found["status"] == "SUCCEEDED", (found.get("error"), found.get("cause"))
    return json.loads(found["output"])


def _types(at: Stage, arn: str) -> list[str]:
    return [event["type"] for event in at.client("stepfunctions").get_execution_history(executionArn=arn)["events"]]


def _task(resource: str, **fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": resource, **({} if "Next" in fields else {"End": True}), **fields}


def _invoke(function: str = "worker", **fields: Any) -> dict[str, Any]:
    return _task(
        "arn:aws:states:::lambda:invoke",
        **{"Parameters": {"FunctionName": function, "Payload.$": "$"}, "OutputPath": "$.Payload", **fields},
    )


def test_a_function_by_its_arn_gets_the_input_and_gives_the_output(at: Stage) -> None:
    """History: localstack/localstack stepfunctions v2 test_task_lambda.snapshot.json, test_invoke_function."""
    arn = at.function(source=ADDS)
    found = _run(at, {"Add": _task(arn, Next="Again"), "Again": _task(arn)}, {"n": 1})
    assert json.loads(found["output"]) == {"n": 3}
    history = at.client("stepfunctions").get_execution_history(executionArn=found["executionArn"])["events"]
    assert [event["type"] for event in history[:7]] == [
        "ExecutionStarted", "TaskStateEntered", "LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionSucceeded",
        "TaskStateExited", "TaskStateEntered",
    ]  # fmt: skip
    assert [event["previousEventId"] for event in history] == [0, 0, *range(2, len(history))]
    assert history[0]["executionStartedEventDetails"] == {
        "input": '{"n": 1}', "inputDetails": {"truncated": False}, "roleArn": ROLE,
    }  # fmt: skip
    assert history[2]["lambdaFunctionScheduledEventDetails"]["resource"] == arn
    assert history[-1]["executionSucceededEventDetails"]["output"] == '{"n":3}'


def test_the_integration_gives_status_and_payload(at: Stage) -> None:
    at.function(source=ADDS)
    found = _run(at, {"Add": _invoke(OutputPath="$")}, {"n": 1})
    result = json.loads(found["output"])
    assert (result["Payload"], result["StatusCode"], result["ExecutedVersion"]) == ({"n": 2}, 200, "$LATEST")
    assert result["SdkHttpMetadata"]["HttpStatusCode"] == 200
    scheduled = at.client("stepfunctions").get_execution_history(executionArn=found["executionArn"])["events"][2]
    details = scheduled["taskScheduledEventDetails"]
    assert (details["resourceType"], details["resource"], details["region"]) == ("lambda", "invoke", REGION)
    assert json.loads(details["parameters"]) == {"FunctionName": "worker", "Payload": {"n": 1}}


def test_the_role_of_the_machine_is_who_calls(at: Stage) -> None:
    at.function(source=ADDS)
    at.restrict("machine", ["sqs:*"])
    found = _run(at, {"Add": _invoke()}, {"n": 1})
    assert (found["status"], found["error"]) == ("FAILED", "Lambda.AWSLambdaException")
    assert "assumed-role/machine" in found["cause"]
    assert "is not authorized to perform: lambda:InvokeFunction" in found["cause"]


def test_an_unhandled_error_fails_the_execution_with_its_type(at: Stage) -> None:
    at.function(source=PICKY)
    found = _run(at, {"Try": _invoke()}, {"fail": 1})
    assert (found["status"], found["error"]) == ("FAILED", "Busy")
    assert json.loads(found["cause"])["errorMessage"] == "come back later"
    assert _types(at, found["executionArn"])[-2:] == ["TaskFailed", "ExecutionFailed"]
    assert at.books("state machine executions")["dropped"] == {"FAILED": 1}


def test_retries_wait_longer_each_time_in_account_time(at: Stage) -> None:
    at.function(source=PICKY)
    retry = [{"ErrorEquals": ["Busy"], "IntervalSeconds": 10, "MaxAttempts": 3, "BackoffRate": 3.0, "MaxDelaySeconds": 60}]
    started = at.control.now()["now"]
    found = _run(at, {"Try": _invoke(Retry=retry)}, {"fail": 3})
    assert json.loads(found["output"]) == {"calls": 4}
    assert at.control.now()["now"] - started == pytest.approx(10 + 30 + 60, abs=1)
    assert _types(at, found["executionArn"]).count("TaskScheduled") == 4
    assert _types(at, found["executionArn"]).count("TaskStateEntered") == 1


def test_retries_end_and_a_catcher_keeps_the_input(at: Stage) -> None:
    at.function(source=PICKY)
    states = {
        "Try": _invoke(
            Retry=[{"ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 1}],
            Catch=[{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Sorry"}],
        ),
        "Sorry": {"Type": "Pass", "End": True},
    }
    output = _output(at, states, {"fail": 9})
    assert output["fail"] == 9
    assert output["error"]["Error"] == "Busy"
    assert json.loads(output["error"]["Cause"])["errorType"] == "Busy"


def test_choices_of_all_kinds(at: Stage) -> None:
    rules: list[dict[str, Any]] = [
        {"Variable": "$.kind", "StringEquals": "gold", "Next": "Gold"},
        {"And": [{"Variable": "$.n", "IsPresent": True}, {"Variable": "$.n", "NumericGreaterThan": 10}], "Next": "Big"},
        {"Not": {"Variable": "$.file", "IsPresent": False}, "Next": "File"},
        {"Variable": "$.when", "TimestampLessThan": "2027-01-01T00:00:00Z", "Next": "Old"},
    ]
    names = ("Gold", "Big", "File", "Old", "Other")
    states: dict[str, Any] = {"Which": {"Type": "Choice", "Choices": rules, "Default": "Other"}}
    states |= {name: {"Type": "Pass", "Result": name, "End": True} for name in names}
    base = {"kind": "x", "when": "2030-01-01T00:00:00Z"}
    given = [{**base, "kind": "gold"}, {**base, "n": 11}, {**base, "file": "a"}, {**base, "when": "2020-01-01T00:00:00Z"}, base]
    arn = _machine(at, states)
    outputs = []
    for data in given:
        started = at.client("stepfunctions").start_execution(stateMachineArn=arn, input=json.dumps(data))
        at.settle()
        outputs.append(json.loads(at.client("stepfunctions").describe_execution(executionArn=started["executionArn"])["output"]))
    assert outputs == list(names)


def test_no_choice_fails(at: Stage) -> None:
    states = {
        "Which": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Next": "End"}]},
        "End": {"Type": "Succeed"},
    }
    assert _run(at, states, {"n": 2})["error"] == "States.NoChoiceMatched"


def test_waiting_is_account_time(at: Stage) -> None:
    states = {
        "Wait": {"Type": "Wait", "SecondsPath": "$.s", "Next": "Until"},
        "Until": {"Type": "Wait", "Timestamp": "2027-01-16T08:00:00Z", "End": True},
    }
    arn = _machine(at, states)
    started = at.client("stepfunctions").start_execution(stateMachineArn=arn, input='{"s": 3600}')
    describe = at.client("stepfunctions").describe_execution
    at.control.advance(86_399)
    assert describe(executionArn=started["executionArn"])["status"] == "RUNNING"
    at.control.advance(1)
    assert describe(executionArn=started["executionArn"])["status"] == "SUCCEEDED"


def test_data_is_shaped_on_the_way(at: Stage) -> None:
    """Amazon States Language, "Input and Output Processing": ResultPath is relative to the raw input."""
    at.function(source="def handler(event, context):\n    return {'sum': event['a'] + event['b'], 'noise': 1}\n")
    states = {
        "Add": _task(
            "arn:aws:states:::lambda:invoke",
            InputPath="$.numbers",
            Parameters={"FunctionName": "worker", "Payload": {"a.$": "$.x", "b": 5, "who.$": "$$.Execution.Name"}},
            ResultSelector={"total.$": "$.Payload.sum"},
            ResultPath="$.answer",
            OutputPath="$",
        )
    }
    assert _output(at, states, {"numbers": {"x": 2}, "keep": 1}) == {"numbers": {"x": 2}, "keep": 1, "answer": {"total": 7}}


def test_parallel_branches_give_a_list(at: Stage) -> None:
    at.function(source=ADDS)
    branch = {"StartAt": "Add", "States": {"Add": _invoke()}}
    slow = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "Next": "Add"}, "Add": _invoke()}}
    found = _run(at, {"Both": {"Type": "Parallel", "Branches": [slow, branch], "End": True}}, {"n": 1})
    assert json.loads(found["output"]) == [{"n": 2}, {"n": 2}]
    types = _types(at, found["executionArn"])
    assert types[1:3] == ["ParallelStateEntered", "ParallelStateStarted"]
    assert types[-3:] == ["ParallelStateSucceeded", "ParallelStateExited", "ExecutionSucceeded"]


def test_a_failing_branch_stops_the_others_and_can_be_caught(at: Stage) -> None:
    long = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 9_999, "End": True}}}
    bad = {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "Sorry", "Cause": "no"}}}
    states = {
        "Both": {
            "Type": "Parallel",
            "Branches": [long, bad],
            "Catch": [{"ErrorEquals": ["Sorry"], "Next": "Undo"}],
            "End": True,
        },
        "Undo": {"Type": "Pass", "End": True},
    }
    started = at.control.now()["now"]
    assert _output(at, states) == {"Error": "Sorry", "Cause": "no"}
    assert at.control.now()["now"] - started < 60


def test_map_runs_an_iteration_for_each_item(at: Stage) -> None:
    at.function(source=ADDS)
    states = {
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.rows",
            "ItemSelector": {"n.$": "$$.Map.Item.Value", "at.$": "$$.Map.Item.Index"},
            "MaxConcurrency": 2,
            "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "Add", "States": {"Add": _invoke()}},
            "ResultPath": "$.done",
            "End": True,
        }
    }
    found = _run(at, states, {"rows": [1, 2, 3]})
    assert json.loads(found["output"])["done"] == [{"n": 2}, {"n": 3}, {"n": 4}]
    types = _types(at, found["executionArn"])
    assert types.count("MapIterationStarted") == types.count("MapIterationSucceeded") == 3
    assert types[-3:] == ["MapStateSucceeded", "MapStateExited", "ExecutionSucceeded"]


def test_map_over_nothing_and_over_no_list(at: Stage) -> None:
    processor = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
    states = {"Each": {"Type": "Map", "ItemProcessor": processor, "End": True}}
    arn = _machine(at, states)
    sfn = at.client("stepfunctions")
    ends = []
    for data in ("[]", "{}"):
        started = sfn.start_execution(stateMachineArn=arn, input=data)
        at.settle()
        ends.append(sfn.describe_execution(executionArn=started["executionArn"])["status"])
    assert ends == ["SUCCEEDED", "FAILED"]


def test_max_concurrency_holds_iterations_back(at: Stage) -> None:
    wait = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 10, "End": True}}}
    states = {"Each": {"Type": "Map", "MaxConcurrency": 2, "ItemProcessor": wait, "End": True}}
    started = at.control.now()["now"]
    _output(at, states, [1, 2, 3, 4, 5])
    assert at.control.now()["now"] - started == pytest.approx(30, abs=1)


def test_other_services_are_called_too(at: Stage) -> None:
    at.queue()
    dynamodb = at.client("dynamodb")
    dynamodb.create_table(
        TableName="t", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )  # fmt: skip
    url = at.client("sqs").get_queue_url(QueueName="inbox")["QueueUrl"]
    item = {"id": {"S.$": "$.id"}, "n": {"N.$": "States.Format('{}', $.n)"}}
    once = {"TableName": "t", "Item": item, "ConditionExpression": "attribute_not_exists(id)"}
    states = {
        "Put": _task("arn:aws:states:::dynamodb:putItem", Parameters=once, ResultPath=None, Next="Send"),
        "Send": _task(
            "arn:aws:states:::sqs:sendMessage",
            Parameters={"QueueUrl": url, "MessageBody": {"id.$": "$.id"}},
            ResultPath=None,
            Next="Get",
        ),
        "Get": _task(
            "arn:aws:states:::aws-sdk:dynamodb:getItem",
            Parameters={"TableName": "t", "Key": {"id": {"S.$": "$.id"}}},
            ResultPath="$.found",
            Next="Twice",
        ),
        "Twice": _task(
            "arn:aws:states:::dynamodb:putItem",
            Parameters=once,
            Catch=[{"ErrorEquals": ["DynamoDB.ConditionalCheckFailedException"], "ResultPath": "$.error", "Next": "End"}],
        ),
        "End": {"Type": "Succeed"},
    }
    output = _output(at, states, {"id": "a", "n": 7})
    assert output["found"]["Item"] == {"id": {"S": "a"}, "n": {"N": "7"}}
    assert output["error"]["Error"] == "DynamoDB.ConditionalCheckFailedException"
    assert at.bodies() == [{"id": "a"}]


def test_events_reach_the_bus_and_say_who_sent_them(at: Stage) -> None:
    at.queue(allow="events.amazonaws.com")
    events = at.client("events")
    events.put_rule(Name="all", EventPattern='{"source": ["flow", "aws.states"]}')
    events.put_targets(Rule="all", Targets=[{"Id": "1", "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:inbox"}])
    entry = {"Source": "flow", "DetailType": "done", "Detail": {"n.$": "$.n"}}
    found = _run(at, {"Tell": _task("arn:aws:states:::events:putEvents", Parameters={"Entries": [entry]})}, {"n": 1})
    at.settle()
    bodies = {body["detail-type"]: body for body in at.bodies()}
    assert bodies["done"]["detail"] == {"n": 1}
    assert found["executionArn"] in bodies["done"]["resources"]
    assert bodies["Step Functions Execution Status Change"]["detail"]["status"] in ("RUNNING", "SUCCEEDED")


def test_a_token_is_waited_for(at: Stage) -> None:
    at.queue()
    url = at.client("sqs").get_queue_url(QueueName="inbox")["QueueUrl"]
    ask = _task(
        "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        Parameters={"QueueUrl": url, "MessageBody": {"token.$": "$$.Task.Token"}},
        HeartbeatSeconds=100,
        TimeoutSeconds=1000,
    )
    sfn = at.client("stepfunctions")
    started = sfn.start_execution(stateMachineArn=_machine(at, {"Ask": ask}))
    at.control.advance(1)
    (body,) = at.bodies()
    for _ in range(3):
        at.control.advance(60)
        sfn.send_task_heartbeat(taskToken=body["token"])
    assert sfn.describe_execution(executionArn=started["executionArn"])["status"] == "RUNNING"
    sfn.send_task_success(taskToken=body["token"], output='{"yes": true}')
    found = sfn.describe_execution(executionArn=started["executionArn"])
    assert (found["status"], json.loads(found["output"])) == ("SUCCEEDED", {"yes": True})
    assert "TaskSubmitted" in _types(at, started["executionArn"])
    with pytest.raises(ClientError, match="Provided task does not exist anymore"):
        sfn.send_task_success(taskToken=body["token"], output="{}")
    with pytest.raises(ClientError, match="InvalidToken"):
        sfn.send_task_failure(taskToken="x")


def test_a_missing_heartbeat_and_a_timeout_are_errors(at: Stage) -> None:
    """localstack/localstack stepfunctions v2 test_heartbeats.snapshot.json: both are States.Timeout."""
    at.queue()
    url = at.client("sqs").get_queue_url(QueueName="inbox")["QueueUrl"]
    ask: dict[str, Any] = {"Parameters": {"QueueUrl": url, "MessageBody": {"token.$": "$$.Task.Token"}}}
    resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
    found = _run(at, {"Ask": _task(resource, **ask, HeartbeatSeconds=10)}, name="a")
    assert (found["status"], found["error"]) == ("FAILED", "States.Timeout")
    found = _run(at, {"Ask": _task(resource, **ask, TimeoutSeconds=10)}, name="b")
    assert (found["status"], found["error"]) == ("FAILED", "States.Timeout")
    assert _types(at, found["executionArn"])[-2:] == ["TaskTimedOut", "ExecutionFailed"]


def test_a_machine_as_a_whole_can_time_out_and_be_stopped(at: Stage) -> None:
    wait = {"W": {"Type": "Wait", "Seconds": 1_000, "End": True}}
    found = _run(at, wait, TimeoutSeconds=100, name="a")
    assert found["status"] == "TIMED_OUT"
    sfn = at.client("stepfunctions")
    started = sfn.start_execution(stateMachineArn=_machine(at, wait, name="b"))
    at.control.advance(1)
    sfn.stop_execution(executionArn=started["executionArn"], error="Enough", cause="stop")
    found = sfn.describe_execution(executionArn=started["executionArn"])
    assert (found["status"], found["error"], found["cause"]) == ("ABORTED", "Enough", "stop")
    assert at.control.info()["quiet"] is True


def test_one_machine_runs_another_and_waits(at: Stage) -> None:
    child = _machine(
        at, {"W": {"Type": "Wait", "Seconds": 60, "Next": "P"}, "P": {"Type": "Pass", "Result": 5, "End": True}}, "c"
    )
    states = {
        "Run": _task(
            "arn:aws:states:::states:startExecution.sync:2",
            Parameters={"StateMachineArn": child, "Input": {"a": 1}},
            OutputPath="$.Output",
        )
    }
    assert _output(at, states) == 5


def test_an_express_machine_answers_at_once(at: Stage) -> None:
    at.function(source=ADDS)
    arn = _machine(at, {"Add": _invoke()}, kind="EXPRESS")
    sfn = at.client("stepfunctions")
    found = sfn.start_sync_execution(stateMachineArn=arn, input='{"n": 1}')
    assert (found["status"], json.loads(found["output"])) == ("SUCCEEDED", {"n": 2})
    assert found["executionArn"].split(":")[5] == "express"
    with pytest.raises(ClientError, match="StateMachineTypeNotSupported"):
        sfn.list_executions(stateMachineArn=arn)


def test_an_express_machine_that_fails_answers_that_it_failed(at: Stage) -> None:
    arn = _machine(at, {"F": {"Type": "Fail", "Error": "Sorry", "Cause": "no"}}, kind="EXPRESS")
    found = at.client("stepfunctions").start_sync_execution(stateMachineArn=arn)
    assert (found["status"], found["error"], found["cause"]) == ("FAILED", "Sorry", "no")


def test_a_name_is_used_once(at: Stage) -> None:
    arn = _machine(at, {"W": {"Type": "Wait", "Seconds": 10, "End": True}})
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
    found = _run(at, {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}})
    assert (found["status"], found["error"]) == ("FAILED", "States.Runtime")
    assert "maximum number of history events" in found["cause"]


def test_too_much_data_is_an_error_that_names_the_task(at: Stage) -> None:
    """localstack/localstack stepfunctions v2 test_states_errors.snapshot.json; States.ALL takes it, as recorded."""
    at.function(source="def handler(event, context):\n    return 'x' * 300_000\n")
    states = {
        "Big": _invoke(Catch=[{"ErrorEquals": ["States.ALL"], "Next": "End"}]),
        "End": {"Type": "Succeed"},
    }
    cause = "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit."
    assert _output(at, states) == {"Error": "States.DataLimitExceeded", "Cause": cause}


def test_errors_have_the_names_of_the_services_models(at: Stage) -> None:
    """localstack/localstack stepfunctions v2 error_handling snapshots."""
    cases = {
        "arn:aws:states:::lambda:invoke": ({"FunctionName": "none"}, "Lambda.ResourceNotFoundException"),
        "arn:aws:states:::aws-sdk:dynamodb:getItem": (
            {"TableName": "none", "Key": {"id": {"S": "1"}}},
            "DynamoDb.ResourceNotFoundException",
        ),
        "arn:aws:states:::sqs:sendMessage": (
            {"QueueUrl": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/none", "MessageBody": "x"},
            "SQS.QueueDoesNotExistException",
        ),
    }
    for number, (resource, (parameters, error)) in enumerate(cases.items()):
        found = _run(at, {"T": _task(resource, Parameters=parameters)}, name=f"m{number}")
        assert (found["status"], found["error"]) == ("FAILED", error), found["cause"]
        assert "Request ID: " in found["cause"]


def test_only_a_standard_execution_can_be_looked_at(at: Stage) -> None:
    """localstack/localstack stepfunctions v2 test_sfn_api_express.snapshot.json."""
    sfn = at.client("stepfunctions")
    arn = _machine(at, {"P": {"Type": "Pass", "End": True}}, kind="EXPRESS")
    started = sfn.start_execution(stateMachineArn=arn)
    with pytest.raises(ClientError, match="Resource type not valid in this context: express"):
        sfn.describe_execution(executionArn=started["executionArn"])
    resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
    with pytest.raises(ClientError, match=r"Express state machine does not support '.waitForTaskToken' service integration"):
        _machine(at, {"T": _task(resource)}, name="t", kind="EXPRESS")


def test_deleting_nothing_and_asking_for_nothing(at: Stage) -> None:
    sfn = at.client("stepfunctions")
    none = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:none"
    with pytest.raises(ClientError, match=f"State Machine Does Not Exist: '{none}'"):
        sfn.start_execution(stateMachineArn=none)
    with pytest.raises(ClientError, match="Execution Does Not Exist"):
        sfn.describe_execution(executionArn=none.replace("stateMachine:none", "execution:none:x"))
    arn = _machine(at, {"P": {"Type": "Pass", "End": True}})
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
        ({"A": _task("arn:aws:states:::ecs:runTask.sync")}, "ecs:runTask.sync is not executed by this account"),
        ({"A": _task("arn:aws:states:::aws-sdk:sqs:flySouth")}, "flySouth is not executed by this account"),
        ({"A": _task(f"arn:aws:states:{REGION}:{ACCOUNT}:activity:a")}, "Activities are not executed"),
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
        _machine(at, states)
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
    arn = _machine(at, {"P": {"Type": "Pass", "InputPath": "$.detail", "End": True}})
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


def test_a_thousand_steps_do_not_pile_up(at: Stage) -> None:
    processor = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
    states = {"Each": {"Type": "Map", "ItemProcessor": processor, "End": True}}
    assert _output(at, states, list(range(2_000))) == list(range(2_000))


def test_the_same_seed_gives_the_same_history() -> None:
    def run() -> list[tuple[int, str]]:
        with stage(start=1_800_000_000.0) as at:
            trust = {"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}
            document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
            at.client("iam").create_role(RoleName="machine", AssumeRolePolicyDocument=document)
            at.restrict("machine", ["lambda:InvokeFunction"])
            at.function(source=PICKY)
            retry = [{"ErrorEquals": ["Busy"], "JitterStrategy": "FULL", "MaxAttempts": 5}]
            _run(at, {"Try": _invoke(Retry=retry)}, {"fail": 3})
            return [(row["at_ms"], row["title"]) for row in at.control.timeline() if row["kind"] in ("task", "retry", "workflow")]

    first = run()
    assert len(first) == 9
    assert first == run()


def test_a_reset_forgets_executions(at: Stage) -> None:
    arn = _machine(at, {"W": {"Type": "Wait", "Seconds": 1_000, "End": True}})
    started = at.client("stepfunctions").start_execution(stateMachineArn=arn)
    at.account.reset()
    assert at.control.info()["quiet"] is True
    assert at.books("state machine executions")["accepted"] == 0
    with pytest.raises(ClientError, match="Execution Does Not Exist"):
        at.client("stepfunctions").describe_execution(executionArn=started["executionArn"])


def test_metrics_count_executions(at: Stage) -> None:
    """Guide, "procedure-cw-metrics"."""
    found = _run(at, {"F": {"Type": "Fail", "Error": "E"}})
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
    arn = _machine(at, {"P": {"Type": "Pass", "Result": 1, "End": True}})
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
