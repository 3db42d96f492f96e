"""What ministack lacks for the labs that are not run there: probes, whose docstrings are the sentences in docs/aws_account.md.

A probe asks for the missing thing itself, and fails when ministack has learnt it: then the lab is worth another try.
"""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

Aws = Callable[[str], Any]
Probe = Callable[[Aws], None]

FUNCTION, ROLE, LETTERS = "probed", "probed-role", "probed-letters"
_SECONDS_MAX = 15
_HANDLER = """
import json
import time

import boto3


def handler(event, context):
    if event.get("metric"):
        directive = {"Namespace": "Shop", "Dimensions": [["till"]], "Metrics": [{"Name": "Refused", "Unit": "Count"}]}
        head = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]}
        print(json.dumps({"_aws": head, "till": "1", "Refused": 1}))
    if event.get("forbidden"):
        return boto3.client("sqs").list_queues()["QueueUrls"]
    if event.get("fail"):
        raise ValueError("as asked")
"""


def prepare(aws: Aws) -> None:
    """A role without any right, a queue for dead letters, and a function with two versions that does what its event says."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = aws("iam").create_role(RoleName=ROLE, AssumeRolePolicyDocument=_document(trust))["Role"]["Arn"]
    queue = aws("sqs").create_queue(QueueName=LETTERS)["QueueUrl"]
    arn = aws("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", _HANDLER)
    code = {"Runtime": "python3.12", "Handler": "app.handler", "Code": {"ZipFile": packed.getvalue()}}
    aws("lambda").create_function(FunctionName=FUNCTION, Role=role, DeadLetterConfig={"TargetArn": arn}, Publish=True, **code)
    aws("lambda").update_function_configuration(FunctionName=FUNCTION, Description="the second version")
    aws("lambda").publish_version(FunctionName=FUNCTION)


def an_alias_shifts_no_traffic(aws: Aws) -> None:
    """Weights of an alias are stored and not heeded."""
    shifted = {"AdditionalVersionWeights": {"2": 1.0}}
    aws("lambda").create_alias(FunctionName=FUNCTION, Name="live", FunctionVersion="1", RoutingConfig=shifted)
    assert aws("lambda").get_alias(FunctionName=FUNCTION, Name="live")["RoutingConfig"] == shifted
    assert aws("lambda").invoke(FunctionName=FUNCTION, Qualifier="live", Payload=b"{}")["ExecutedVersion"] == "1"


def there_is_no_codedeploy(aws: Aws) -> None:
    """There is no CodeDeploy."""
    _refused(aws("codedeploy").list_applications)


def sam_is_not_transformed(aws: Aws) -> None:
    """The SAM transform is not applied: it comes with ministack's extra `full` alone."""
    template = {"Transform": "AWS::Serverless-2016-10-31", "Resources": {"T": {"Type": "AWS::Serverless::SimpleTable"}}}
    said = _refused(aws("cloudformation").create_stack, StackName="probed", TemplateBody=json.dumps(template))
    assert "the SAM transform was not applied" in said


def dead_letters_are_not_moved_back(aws: Aws) -> None:
    """There is no `StartMessageMoveTask`."""
    _refused(aws("sqs").start_message_move_task, SourceArn=f"arn:aws:sqs:us-east-1:111122223333:{LETTERS}")


def a_dead_letter_is_not_the_event(aws: Aws) -> None:
    """A function's dead-letter queue gets the record of a destination instead of the event."""
    aws("lambda").invoke(FunctionName=FUNCTION, InvocationType="Event", Payload=json.dumps({"fail": 1}))
    queue = aws("sqs").get_queue_url(QueueName=LETTERS)["QueueUrl"]
    letter = aws("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=_SECONDS_MAX, MessageAttributeNames=["All"])["Messages"][
        0
    ]
    assert json.loads(letter["Body"])["requestPayload"] == {"fail": 1}
    assert "MessageAttributes" not in letter


def attempts_share_no_request_id(aws: Aws) -> None:
    """Each attempt of an event has a request id of its own."""
    # The letter of the probe before came after all attempts. Their lines may still be on their way.
    pause = threading.Event()
    for _ in range(_SECONDS_MAX * 10):
        events = aws("logs").filter_log_events(logGroupName=f"/aws/lambda/{FUNCTION}")["events"]
        failed = [
            row["message"].split()[2] for row in events if row["message"].startswith("START") and "$LATEST" in row["message"]
        ]
        if len(failed) >= 3:  # a first attempt and two more
            break
        pause.wait(0.1)
    assert len(set(failed)) == len(failed) >= 3


def asynchronous_events_are_not_counted(aws: Aws) -> None:
    """There is no metric `AsyncEventsReceived`."""
    metrics = {row["MetricName"] for row in aws("cloudwatch").list_metrics(Namespace="AWS/Lambda")["Metrics"]}
    assert "Invocations" in metrics
    assert "AsyncEventsReceived" not in metrics


def printed_metrics_are_not_taken(aws: Aws) -> None:
    """A metric that a function prints (EMF) is not taken."""
    aws("lambda").invoke(FunctionName=FUNCTION, Payload=json.dumps({"metric": 1}))
    assert aws("cloudwatch").list_metrics(Namespace="Shop")["Metrics"] == []


def queues_write_no_metrics(aws: Aws) -> None:
    """Queues write no metrics."""
    queue = aws("sqs").create_queue(QueueName="probed-inbox")["QueueUrl"]
    aws("sqs").send_message(QueueUrl=queue, MessageBody="one")
    assert aws("cloudwatch").list_metrics(Namespace="AWS/SQS")["Metrics"] == []


def a_function_may_do_what_nobody_allowed(aws: Aws) -> None:
    """A function may do what its role's policies do not allow, unless ministack is started with `AUTH=true`."""
    answer = aws("lambda").invoke(FunctionName=FUNCTION, Payload=json.dumps({"forbidden": 1}))
    assert "FunctionError" not in answer
    assert any(url.endswith(LETTERS) for url in json.loads(answer["Payload"].read()))


def the_simulator_sees_no_ceiling(aws: Aws) -> None:
    """`SimulatePrincipalPolicy` does not heed a permissions boundary."""
    ceiling = aws("iam").create_policy(PolicyName="probed-ceiling", PolicyDocument=_document(_may("s3:GetObject")))["Policy"][
        "Arn"
    ]
    role = aws("iam").create_role(RoleName="probed-star", AssumeRolePolicyDocument=_document(_may("sts:AssumeRole")))["Role"]
    aws("iam").put_role_policy(RoleName="probed-star", PolicyName="star", PolicyDocument=_document(_may("*")))
    aws("iam").put_role_permissions_boundary(RoleName="probed-star", PermissionsBoundary=ceiling)
    answer = aws("iam").simulate_principal_policy(PolicySourceArn=role["Arn"], ActionNames=["iam:CreateUser"])
    assert [row["EvalDecision"] for row in answer["EvaluationResults"]] == ["allowed"]


LACKS: Mapping[str, tuple[Probe, ...]] = {
    "alarms-and-dashboards": (printed_metrics_are_not_taken, queues_write_no_metrics),
    "dead-letter-queue": (a_dead_letter_is_not_the_event, attempts_share_no_request_id, asynchronous_events_are_not_counted),
    "least-privilege": (a_function_may_do_what_nobody_allowed, the_simulator_sees_no_ceiling),
    "sam-deploy": (sam_is_not_transformed, there_is_no_codedeploy),
    "sqs-partial-batch": (dead_letters_are_not_moved_back,),
    "traffic-shifting": (an_alias_shifts_no_traffic, there_is_no_codedeploy),
}


def _refused(call: Callable[..., Any], **params: Any) -> str:
    """What the refusal says."""
    try:
        answer = call(**params)
    except ClientError as error:
        return str(error)
    raise AssertionError(f"ministack has learnt it: {answer}")


def _document(statement: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _may(action: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": "*"}
