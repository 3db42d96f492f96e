"""What states do, end to end: tasks, errors and retries, choices, time, data, branches, tokens."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.delivery.stage import ACCOUNT, REGION, Stage
from tests.sandbox.workflows.machines import ADDS, PICKY, ROLE, event_types, invoke, machine, output_of, run, task


def test_a_function_by_its_arn_gets_the_input_and_gives_the_output(at: Stage) -> None:
    """History: localstack/localstack stepfunctions v2 test_task_lambda.snapshot.json, test_invoke_function."""
    arn = at.function(source=ADDS)
    found = run(at, {"Add": task(arn, Next="Again"), "Again": task(arn)}, {"n": 1})
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
    found = run(at, {"Add": invoke(OutputPath="$")}, {"n": 1})
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
    found = run(at, {"Add": invoke()}, {"n": 1})
    assert (found["status"], found["error"]) == ("FAILED", "Lambda.AWSLambdaException")
    assert "assumed-role/machine" in found["cause"]
    assert "is not authorized to perform: lambda:InvokeFunction" in found["cause"]


def test_an_unhandled_error_fails_the_execution_with_its_type(at: Stage) -> None:
    at.function(source=PICKY)
    found = run(at, {"Try": invoke()}, {"fail": 1})
    assert (found["status"], found["error"]) == ("FAILED", "Busy")
    assert json.loads(found["cause"])["errorMessage"] == "come back later"
    assert event_types(at, found["executionArn"])[-2:] == ["TaskFailed", "ExecutionFailed"]
    assert at.books("state machine executions")["dropped"] == {"FAILED": 1}


def test_retries_wait_longer_each_time_in_account_time(at: Stage) -> None:
    at.function(source=PICKY)
    retry = [{"ErrorEquals": ["Busy"], "IntervalSeconds": 10, "MaxAttempts": 3, "BackoffRate": 3.0, "MaxDelaySeconds": 60}]
    started = at.control.now()["now"]
    found = run(at, {"Try": invoke(Retry=retry)}, {"fail": 3})
    assert json.loads(found["output"]) == {"calls": 4}
    assert at.control.now()["now"] - started == pytest.approx(10 + 30 + 60, abs=1)
    assert event_types(at, found["executionArn"]).count("TaskScheduled") == 4
    assert event_types(at, found["executionArn"]).count("TaskStateEntered") == 1


def test_retries_end_and_a_catcher_keeps_the_input(at: Stage) -> None:
    at.function(source=PICKY)
    states = {
        "Try": invoke(
            Retry=[{"ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 1}],
            Catch=[{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Sorry"}],
        ),
        "Sorry": {"Type": "Pass", "End": True},
    }
    output = output_of(at, states, {"fail": 9})
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
    arn = machine(at, states)
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
    assert run(at, states, {"n": 2})["error"] == "States.NoChoiceMatched"


def test_waiting_is_account_time(at: Stage) -> None:
    states = {
        "Wait": {"Type": "Wait", "SecondsPath": "$.s", "Next": "Until"},
        "Until": {"Type": "Wait", "Timestamp": "2027-01-16T08:00:00Z", "End": True},
    }
    arn = machine(at, states)
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
        "Add": task(
            "arn:aws:states:::lambda:invoke",
            InputPath="$.numbers",
            Parameters={"FunctionName": "worker", "Payload": {"a.$": "$.x", "b": 5, "who.$": "$$.Execution.Name"}},
            ResultSelector={"total.$": "$.Payload.sum"},
            ResultPath="$.answer",
            OutputPath="$",
        )
    }
    assert output_of(at, states, {"numbers": {"x": 2}, "keep": 1}) == {"numbers": {"x": 2}, "keep": 1, "answer": {"total": 7}}


def test_parallel_branches_give_a_list(at: Stage) -> None:
    at.function(source=ADDS)
    branch = {"StartAt": "Add", "States": {"Add": invoke()}}
    slow = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "Next": "Add"}, "Add": invoke()}}
    found = run(at, {"Both": {"Type": "Parallel", "Branches": [slow, branch], "End": True}}, {"n": 1})
    assert json.loads(found["output"]) == [{"n": 2}, {"n": 2}]
    types = event_types(at, found["executionArn"])
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
    assert output_of(at, states) == {"Error": "Sorry", "Cause": "no"}
    assert at.control.now()["now"] - started < 60


def test_map_runs_an_iteration_for_each_item(at: Stage) -> None:
    at.function(source=ADDS)
    states = {
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.rows",
            "ItemSelector": {"n.$": "$$.Map.Item.Value", "at.$": "$$.Map.Item.Index"},
            "MaxConcurrency": 2,
            "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "Add", "States": {"Add": invoke()}},
            "ResultPath": "$.done",
            "End": True,
        }
    }
    found = run(at, states, {"rows": [1, 2, 3]})
    assert json.loads(found["output"])["done"] == [{"n": 2}, {"n": 3}, {"n": 4}]
    types = event_types(at, found["executionArn"])
    assert types.count("MapIterationStarted") == types.count("MapIterationSucceeded") == 3
    assert types[-3:] == ["MapStateSucceeded", "MapStateExited", "ExecutionSucceeded"]


def test_map_over_nothing_and_over_no_list(at: Stage) -> None:
    processor = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
    states = {"Each": {"Type": "Map", "ItemProcessor": processor, "End": True}}
    arn = machine(at, states)
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
    output_of(at, states, [1, 2, 3, 4, 5])
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
        "Put": task("arn:aws:states:::dynamodb:putItem", Parameters=once, ResultPath=None, Next="Send"),
        "Send": task(
            "arn:aws:states:::sqs:sendMessage",
            Parameters={"QueueUrl": url, "MessageBody": {"id.$": "$.id"}},
            ResultPath=None,
            Next="Get",
        ),
        "Get": task(
            "arn:aws:states:::aws-sdk:dynamodb:getItem",
            Parameters={"TableName": "t", "Key": {"id": {"S.$": "$.id"}}},
            ResultPath="$.found",
            Next="Twice",
        ),
        "Twice": task(
            "arn:aws:states:::dynamodb:putItem",
            Parameters=once,
            Catch=[{"ErrorEquals": ["DynamoDB.ConditionalCheckFailedException"], "ResultPath": "$.error", "Next": "End"}],
        ),
        "End": {"Type": "Succeed"},
    }
    output = output_of(at, states, {"id": "a", "n": 7})
    assert output["found"]["Item"] == {"id": {"S": "a"}, "n": {"N": "7"}}
    assert output["error"]["Error"] == "DynamoDB.ConditionalCheckFailedException"
    assert at.bodies() == [{"id": "a"}]


def test_events_reach_the_bus_and_say_who_sent_them(at: Stage) -> None:
    at.queue(allow="events.amazonaws.com")
    events = at.client("events")
    events.put_rule(Name="all", EventPattern='{"source": ["flow", "aws.states"]}')
    events.put_targets(Rule="all", Targets=[{"Id": "1", "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:inbox"}])
    entry = {"Source": "flow", "DetailType": "done", "Detail": {"n.$": "$.n"}}
    found = run(at, {"Tell": task("arn:aws:states:::events:putEvents", Parameters={"Entries": [entry]})}, {"n": 1})
    at.settle()
    bodies = {body["detail-type"]: body for body in at.bodies()}
    assert bodies["done"]["detail"] == {"n": 1}
    assert found["executionArn"] in bodies["done"]["resources"]
    assert bodies["Step Functions Execution Status Change"]["detail"]["status"] in ("RUNNING", "SUCCEEDED")


def test_a_token_is_waited_for(at: Stage) -> None:
    at.queue()
    url = at.client("sqs").get_queue_url(QueueName="inbox")["QueueUrl"]
    ask = task(
        "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        Parameters={"QueueUrl": url, "MessageBody": {"token.$": "$$.Task.Token"}},
        HeartbeatSeconds=100,
        TimeoutSeconds=1000,
    )
    sfn = at.client("stepfunctions")
    started = sfn.start_execution(stateMachineArn=machine(at, {"Ask": ask}))
    at.control.advance(1)
    (body,) = at.bodies()
    for _ in range(3):
        at.control.advance(60)
        sfn.send_task_heartbeat(taskToken=body["token"])
    assert sfn.describe_execution(executionArn=started["executionArn"])["status"] == "RUNNING"
    sfn.send_task_success(taskToken=body["token"], output='{"yes": true}')
    found = sfn.describe_execution(executionArn=started["executionArn"])
    assert (found["status"], json.loads(found["output"])) == ("SUCCEEDED", {"yes": True})
    assert "TaskSubmitted" in event_types(at, started["executionArn"])
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
    found = run(at, {"Ask": task(resource, **ask, HeartbeatSeconds=10)}, name="a")
    assert (found["status"], found["error"]) == ("FAILED", "States.Timeout")
    found = run(at, {"Ask": task(resource, **ask, TimeoutSeconds=10)}, name="b")
    assert (found["status"], found["error"]) == ("FAILED", "States.Timeout")
    assert event_types(at, found["executionArn"])[-2:] == ["TaskTimedOut", "ExecutionFailed"]


def test_one_machine_runs_another_and_waits(at: Stage) -> None:
    child = machine(at, {"W": {"Type": "Wait", "Seconds": 60, "Next": "P"}, "P": {"Type": "Pass", "Result": 5, "End": True}}, "c")
    states = {
        "Run": task(
            "arn:aws:states:::states:startExecution.sync:2",
            Parameters={"StateMachineArn": child, "Input": {"a": 1}},
            OutputPath="$.Output",
        )
    }
    assert output_of(at, states) == 5


def test_too_much_data_is_an_error_that_names_the_task(at: Stage) -> None:
    """localstack/localstack stepfunctions v2 test_states_errors.snapshot.json; States.ALL takes it, as recorded."""
    at.function(source="def handler(event, context):\n    return 'x' * 300_000\n")
    states = {
        "Big": invoke(Catch=[{"ErrorEquals": ["States.ALL"], "Next": "End"}]),
        "End": {"Type": "Succeed"},
    }
    cause = "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit."
    assert output_of(at, states) == {"Error": "States.DataLimitExceeded", "Cause": cause}


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
        found = run(at, {"T": task(resource, Parameters=parameters)}, name=f"m{number}")
        assert (found["status"], found["error"]) == ("FAILED", error), found["cause"]
        assert "Request ID: " in found["cause"]


def test_a_thousand_steps_do_not_pile_up(at: Stage) -> None:
    processor = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
    states = {"Each": {"Type": "Map", "ItemProcessor": processor, "End": True}}
    assert output_of(at, states, list(range(2_000))) == list(range(2_000))
