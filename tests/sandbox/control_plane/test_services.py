from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from sandbox.control_plane import wire
from sandbox.http_message import HttpRequest, HttpResponse

TABLE = {
    "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def role(plane, name="r"):
    return plane.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]


def dynamodb_streams(plane):
    plane.client("dynamodb").create_table(TableName="tbl", StreamSpecification=STREAM, **TABLE)
    return plane.client("dynamodbstreams").list_streams(TableName="tbl")["Streams"][0]["TableName"] == "tbl"


def scheduler(plane):
    plane.client("scheduler").create_schedule(
        Name="s",
        ScheduleExpression="rate(1 hour)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": "arn:aws:sqs:us-east-1:123456789012:q", "RoleArn": role(plane)},
    )
    return plane.client("scheduler").get_schedule(Name="s")["State"] == "ENABLED"


def step_functions(plane):
    definition = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
    arn = plane.client("stepfunctions").create_state_machine(name="m", definition=definition, roleArn=role(plane))
    return plane.client("stepfunctions").describe_state_machine(stateMachineArn=arn["stateMachineArn"])["name"] == "m"


def events(plane):
    plane.client("events").put_rule(Name="r", ScheduleExpression="rate(5 minutes)")
    return plane.client("events").list_rules()["Rules"][0]["Name"] == "r"


def cloudwatch_alarm(plane):
    alarm = {"Threshold": 1.0, "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1, "Period": 60}
    plane.client("cloudwatch").put_metric_alarm(
        AlarmName="a", Namespace="AWS/Lambda", MetricName="Errors", Statistic="Sum", **alarm
    )
    return plane.client("cloudwatch").describe_alarms()["MetricAlarms"][0]["Threshold"] == 1.0


def codedeploy(plane):
    client = plane.client("codedeploy")
    client.create_application(applicationName="a", computePlatform="Lambda")
    return client.get_application(applicationName="a")["application"]["createTime"].year > 2000


def tagging(plane):
    plane.client("sqs").create_queue(QueueName="q", tags={"team": "x"})
    found = plane.client("resourcegroupstaggingapi").get_resources(TagFilters=[{"Key": "team"}])
    return found["ResourceTagMappingList"][0]["ResourceARN"].endswith(":q")


def rest_api(plane):
    client = plane.client("apigateway")
    made = client.create_rest_api(name="api")
    return client.get_resources(restApiId=made["id"])["items"][0]["path"] == "/"


def http_api(plane):
    client = plane.client("apigatewayv2")
    made = client.create_api(Name="api", ProtocolType="HTTP")
    return client.get_api(ApiId=made["ApiId"])["Name"] == "api"


def secret(plane):
    plane.client("secretsmanager").create_secret(Name="s", SecretString="x")
    return plane.client("secretsmanager").get_secret_value(SecretId="s")["SecretString"] == "x"


def parameter(plane):
    plane.client("ssm").put_parameter(Name="/a/b", Value="x", Type="String")
    return plane.client("ssm").get_parameter(Name="/a/b")["Parameter"]["Value"] == "x"


def key(plane):
    made = plane.client("kms").create_key()["KeyMetadata"]["KeyId"]
    sealed = plane.client("kms").encrypt(KeyId=made, Plaintext=b"x")["CiphertextBlob"]
    return plane.client("kms").decrypt(CiphertextBlob=sealed)["Plaintext"] == b"x"


def kinesis(plane):
    plane.client("kinesis").create_stream(StreamName="s", ShardCount=1)
    return plane.client("kinesis").put_record(StreamName="s", Data=b"x", PartitionKey="p")["SequenceNumber"]


def xray(plane):
    return plane.client("xray").put_trace_segments(TraceSegmentDocuments=["{}"])["UnprocessedTraceSegments"] is not None


def cloudformation(plane):
    template = {"Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "made"}}}}
    plane.client("cloudformation").create_stack(StackName="s", TemplateBody=json.dumps(template))
    return plane.client("sqs").get_queue_url(QueueName="made")["QueueUrl"].endswith("/made")


@pytest.mark.parametrize(
    "works",
    [
        cloudformation,
        dynamodb_streams,
        scheduler,
        step_functions,
        events,
        cloudwatch_alarm,
        codedeploy,
        tagging,
        rest_api,
        http_api,
        secret,
        parameter,
        key,
        kinesis,
        xray,
    ],
    ids=lambda works: works.__name__,
)
def test_every_service_answers_a_real_client(plane, works):
    assert works(plane)
    assert not plane.services.defects


def test_objects_come_back_as_they_were_put(plane):
    s3 = plane.client("s3")
    s3.create_bucket(Bucket="b-one")
    for name in ("a b/ä+%.txt", "x//y", "dir/"):
        s3.put_object(Bucket="b-one", Key=name, Body=name.encode(), Metadata={"my_key": "v"})
        got = s3.get_object(Bucket="b-one", Key=name)
        assert (got["Body"].read().decode(), got["Metadata"]) == (name, {"my_key": "v"})
    listed = [row["Key"] for row in s3.list_objects_v2(Bucket="b-one")["Contents"]]
    assert listed == sorted(["a b/ä+%.txt", "x//y", "dir/"])


def test_a_multipart_upload_with_checksums_is_put_together(plane):
    s3 = plane.client("s3")
    s3.create_bucket(Bucket="b-one")
    upload = s3.create_multipart_upload(Bucket="b-one", Key="k", ChecksumAlgorithm="CRC32")["UploadId"]
    part = s3.upload_part(Bucket="b-one", Key="k", UploadId=upload, PartNumber=1, Body=b"x" * 10)
    parts = [{"PartNumber": 1, "ETag": part["ETag"], "ChecksumCRC32": part["ChecksumCRC32"]}]
    s3.complete_multipart_upload(Bucket="b-one", Key="k", UploadId=upload, MultipartUpload={"Parts": parts})
    assert s3.get_object(Bucket="b-one", Key="k")["Body"].read() == b"x" * 10


def test_a_bucket_policy_does_not_reach_motos_own_evaluator(plane):
    s3 = plane.client("s3")
    s3.create_bucket(Bucket="b-one")
    s3.put_object(Bucket="b-one", Key="k", Body=b"x")
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::b-one", "arn:aws:s3:::b-one/*"]}
    s3.put_bucket_policy(Bucket="b-one", Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))
    unsigned = HttpRequest("GET", "/b-one/k", "", [("Host", "s3.amazonaws.com")])
    assert plane.answer("s3", unsigned).body == b"x"  # the gate decides, and there is none here


def test_a_bucket_policy_that_is_no_json_is_refused(plane):
    plane.client("s3").create_bucket(Bucket="b-one")
    with pytest.raises(ClientError, match="MalformedPolicy"):
        plane.client("s3").put_bucket_policy(Bucket="b-one", Policy="{no json")


def test_an_operation_that_moto_lacks_is_named(plane):
    with pytest.raises(ClientError) as caught:
        plane.client("kinesis").describe_account_settings()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert "kinesis:DescribeAccountSettings" in str(caught.value)


def test_a_service_that_moto_lacks_is_named(plane):
    with pytest.raises(ClientError) as caught:
        plane.client("translate").list_languages()
    assert "translate" in caught.value.response["Error"]["Message"]


def test_what_breaks_inside_moto_is_answered_and_logged_and_the_account_lives_on(plane, monkeypatch, caplog):
    sqs = plane.client("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    backend = plane.world.backend("sqs", "123456789012", "us-east-1")
    monkeypatch.setattr(backend, "get_queue", lambda *_: 1 / 0)
    with pytest.raises(ClientError) as caught:
        sqs.send_message(QueueUrl=url, MessageBody="m")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert "sqs:SendMessage" in caught.value.response["Error"]["Message"]
    assert "ZeroDivisionError" in caplog.text
    monkeypatch.undo()
    sqs.send_message(QueueUrl=url, MessageBody="m")
    assert len(plane.services.defects) == 1


def test_lambda_never_reaches_moto(plane, caplog):
    with pytest.raises(ClientError, match=r"lambda:ListFunctions"):
        plane.client("lambda").list_functions()


def receive(plane, url, wait_s):
    responses: list[HttpResponse] = []
    body = json.dumps({"QueueUrl": url, "WaitTimeSeconds": wait_s} if wait_s is not None else {"QueueUrl": url}).encode()
    headers = [("Host", "127.0.0.1:4566"), ("X-Amz-Target", "AmazonSQS.ReceiveMessage")]
    request = HttpRequest("POST", "/", "", [*headers, ("Content-Type", "application/x-amz-json-1.0")], body)
    plane.services.handle(wire.parse("sqs", request), request, "123456789012", "us-east-1", responses.append)
    return responses


def run_until(plane, when):
    while plane.world.clock.run_next(when):
        pass
    plane.world.clock.move_to(when)


def test_a_long_poll_waits_on_the_clock_and_ends_when_a_message_comes(make_plane):
    plane = make_plane(virtual=True, start=1_000_000.0)
    url = plane.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    responses = receive(plane, url, 20)
    run_until(plane, 1_000_005.0)
    assert responses == []
    plane.client("sqs").send_message(QueueUrl=url, MessageBody="at last")
    run_until(plane, 1_000_005.0)
    assert json.loads(responses[0].body)["Messages"][0]["Body"] == "at last"
    run_until(plane, 1_000_030.0)
    assert len(responses) == 1


def test_a_long_poll_sees_a_message_whose_delay_has_passed(make_plane):
    plane = make_plane(virtual=True, start=1_000_000.0)
    url = plane.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    plane.client("sqs").send_message(QueueUrl=url, MessageBody="later", DelaySeconds=3)
    responses = receive(plane, url, 10)
    run_until(plane, 1_000_002.9)
    assert responses == []
    run_until(plane, 1_000_004.0)
    assert b"later" in responses[0].body


def test_a_long_poll_gives_up_empty_handed_when_its_time_is_over(make_plane):
    plane = make_plane(virtual=True, start=1_000_000.0)
    url = plane.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    responses = receive(plane, url, 3)
    run_until(plane, 1_000_002.9)
    assert responses == []
    run_until(plane, 1_000_003.1)
    assert "Messages" not in json.loads(responses[0].body)


def test_the_queues_own_wait_time_counts_when_the_caller_names_none(make_plane):
    plane = make_plane(virtual=True, start=1_000_000.0)
    attributes = {"ReceiveMessageWaitTimeSeconds": "2"}
    url = plane.client("sqs").create_queue(QueueName="q", Attributes=attributes)["QueueUrl"]
    responses = receive(plane, url, None)
    assert responses == []
    run_until(plane, 1_000_002.1)
    assert responses[0].status == 200
    assert receive(plane, url, 0)[0].status == 200


def test_queue_urls_lead_back_to_the_endpoint_that_was_called(plane):
    body = json.dumps({"QueueName": "q"}).encode()
    headers = [
        ("Host", "127.0.0.1:4566"),
        ("X-Amz-Target", "AmazonSQS.CreateQueue"),
        ("Content-Type", "application/x-amz-json-1.0"),
    ]
    answer = plane.answer("sqs", HttpRequest("POST", "/", "", headers, body))
    assert json.loads(answer.body)["QueueUrl"] == "http://127.0.0.1:4566/123456789012/q"


def test_the_request_id_is_the_same_in_header_and_body(plane):
    body = b"Action=ListUsers"
    headers = [("Host", "iam.amazonaws.com"), ("Content-Type", "application/x-www-form-urlencoded")]
    answer = plane.answer("iam", HttpRequest("POST", "/", "", headers, body))
    request_id = answer.header("x-amzn-RequestId")
    assert len(request_id) == 36
    assert f"<RequestId>{request_id}</RequestId>" in answer.body.decode()
