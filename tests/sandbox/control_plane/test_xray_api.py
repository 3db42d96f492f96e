from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime

import pytest

from sandbox.account import inprocess_account

START = 1_800_000_000.0
TRACE = "1-6b49d200-0123456789abcdef01234567"
TIMES = {"StartTime": datetime.fromtimestamp(START - 60, UTC), "EndTime": datetime.fromtimestamp(START + 60, UTC)}
FRONT = """
import boto3, json, os
def handler(event, context):
    boto3.client("lambda").invoke(FunctionName="back", Payload=json.dumps(event))
    return os.environ["_X_AMZN_TRACE_ID"]
"""
BACK = "def handler(event, context):\n    return 1 / event['by']\n"


@pytest.fixture
def account():
    with inprocess_account(seed=7, start=START) as opened:
        yield opened


def function(account, name, source, mode="Active", policies=()):
    iam = account.client("iam")
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", **trust}))["Role"]["Arn"]
    iam.attach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")
    for statement in policies:
        allow = {"Effect": "Allow", "Action": statement, "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
        iam.put_role_policy(RoleName=name, PolicyName=statement.replace(":", "-").replace("*", "all"), PolicyDocument=document)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", source)
    account.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.12",
        Handler="app.handler",
        Role=role,
        Code={"ZipFile": packed.getvalue()},
        TracingConfig={"Mode": mode},
    )


def documents(account):
    xray = account.client("xray")
    (summary,) = xray.get_trace_summaries(**TIMES)["TraceSummaries"]
    (trace,) = xray.batch_get_traces(TraceIds=[summary["Id"]])["Traces"]
    return summary, [json.loads(segment["Document"]) for segment in trace["Segments"]]


def test_an_invocation_of_a_traced_function_makes_lambdas_two_segments(account):
    function(account, "back", BACK, policies=["xray:PutTraceSegments"])
    answer = account.client("lambda").invoke(FunctionName="back", Payload='{"by": 2}')
    summary, found = documents(account)
    service, run = sorted(found, key=lambda document: document["origin"])
    assert (service["origin"], run["origin"]) == ("AWS::Lambda", "AWS::Lambda::Function")
    assert run["parent_id"] == service["id"]
    header = answer["ResponseMetadata"]["HTTPHeaders"]["x-amzn-trace-id"]
    assert header == f"Root={summary['Id']};Parent={service['id']};Sampled=1"
    assert [part["name"] for part in run["subsegments"]] == ["Initialization", "Invocation", "Overhead"]
    assert service["resource_arn"] == "arn:aws:lambda:us-east-1:123456789012:function:back"
    assert (summary["HasFault"], summary["Http"]) == (False, {"HttpStatus": 200})
    account.client("lambda").invoke(FunctionName="back", Payload='{"by": 2}')
    assert len(account.client("xray").get_trace_summaries(**TIMES)["TraceSummaries"]) == 2


def test_the_report_line_names_the_trace(account):
    function(account, "back", BACK, policies=["xray:PutTraceSegments"])
    account.client("lambda").invoke(FunctionName="back", Payload='{"by": 2}')
    events = account.client("logs").filter_log_events(logGroupName="/aws/lambda/back", filterPattern="REPORT")["events"]
    summary, found = documents(account)
    service = next(document for document in found if document["origin"] == "AWS::Lambda")
    assert events[0]["message"].endswith(f"\t\nXRAY TraceId: {summary['Id']}\tSegmentId: {service['id']}\tSampled: true\t\n")


def test_a_failure_is_a_fault_with_its_exception(account):
    function(account, "back", BACK, policies=["xray:PutTraceSegments"])
    account.client("lambda").invoke(FunctionName="back", Payload='{"by": 0}')
    summary, found = documents(account)
    assert summary["HasFault"]
    run = next(document for document in found if document["origin"] == "AWS::Lambda::Function")
    (exception,) = run["cause"]["exceptions"]
    assert (exception["type"], exception["message"]) == ("ZeroDivisionError", "division by zero")
    xray = account.client("xray")
    assert len(xray.get_trace_summaries(**TIMES, FilterExpression='fault AND service("back")')["TraceSummaries"]) == 1
    assert xray.get_trace_summaries(**TIMES, FilterExpression="!fault")["TraceSummaries"] == []


def test_one_trace_goes_through_both_functions_and_draws_the_map(account):
    function(account, "back", BACK, mode="PassThrough", policies=["xray:PutTraceSegments"])
    function(account, "front", FRONT, policies=["xray:PutTraceSegments", "lambda:InvokeFunction"])
    answer = account.client("lambda").invoke(FunctionName="front", Payload='{"by": 2}')
    header = json.loads(answer["Payload"].read())
    summary, found = documents(account)
    assert header.startswith(f"Root={summary['Id']};Parent=")
    assert header.endswith(";Sampled=1")
    assert {document["name"] for document in found} == {"front", "back"}
    graph = account.client("xray").get_service_graph(**TIMES)["Services"]
    by_id = {row["ReferenceId"]: row for row in graph}
    calls = {
        (row["Name"], row["Type"], by_id[edge["ReferenceId"]]["Name"], by_id[edge["ReferenceId"]]["Type"])
        for row in graph
        for edge in row["Edges"]
    }
    assert ("front", "AWS::Lambda::Function", "back", "AWS::Lambda") in calls
    (root,) = [row for row in graph if row["Root"]]
    assert (root["Name"], root["Type"]) == ("front", "AWS::Lambda")


def test_without_the_permission_there_is_no_trace_and_the_timeline_says_why(account):
    function(account, "back", BACK, policies=[])
    account.client("lambda").invoke(FunctionName="back", Payload='{"by": 2}')
    assert account.client("xray").get_trace_summaries(**TIMES)["TraceSummaries"] == []
    titles = [entry["title"] for entry in account.control.timeline()]
    assert "No trace of back: the role may not xray:PutTraceSegments" in titles


def test_pass_through_without_a_sampled_caller_is_not_traced(account):
    function(account, "back", BACK, mode="PassThrough", policies=["xray:PutTraceSegments"])
    account.client("lambda").invoke(FunctionName="back", Payload='{"by": 2}')
    assert account.client("xray").get_trace_summaries(**TIMES)["TraceSummaries"] == []


def test_segments_of_ones_own_are_taken_with_annotations(account):
    xray = account.client("xray")
    own = {
        "id": "70de5b6f19ff9a0a",
        "trace_id": TRACE,
        "name": "checkout",
        "start_time": START,
        "end_time": START + 1.5,
        "annotations": {"tenant": "blue"},
        "subsegments": [
            {"id": "70de5b6f19ff9a0b", "name": "DynamoDB", "namespace": "aws", "start_time": START, "end_time": START + 1}
        ],
    }
    assert xray.put_trace_segments(TraceSegmentDocuments=[json.dumps(own)])["UnprocessedTraceSegments"] == []
    (row,) = xray.get_trace_summaries(**TIMES, FilterExpression='annotation.tenant = "blue" AND duration > 1')["TraceSummaries"]
    assert row["Annotations"]["tenant"][0]["AnnotationValue"] == {"StringValue": "blue"}
    services = xray.get_trace_graph(TraceIds=[TRACE])["Services"]
    assert [(service["Name"], service["Type"]) for service in services] == [("checkout", "client"), ("DynamoDB", "AWS::DynamoDB")]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("no json", "ParseError"),
        ("[]", "ParseError"),
        ({}, "MissingId"),
        ({"id": "70de5b6f19ff9a0a", "trace_id": "1-2-3", "name": "n"}, "InvalidTraceId"),
        ({"id": "70de5b6f19ff9a0a", "trace_id": TRACE, "name": "n", "start_time": 1}, "MissingEndTime"),
        ({"id": "70de5b6f19ff9a0a", "trace_id": TRACE, "name": "n" * 65_537, "start_time": 1}, "DocumentTooLarge"),
    ],
)
def test_what_is_no_segment_is_handed_back(account, document, code):
    text = document if isinstance(document, str) else json.dumps(document)
    (refused,) = account.client("xray").put_trace_segments(TraceSegmentDocuments=[text])["UnprocessedTraceSegments"]
    assert refused["ErrorCode"] == code
