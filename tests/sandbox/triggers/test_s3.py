"""S3 notifications end to end: what is stored, refused, delivered and counted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.delivery.stage import ACCOUNT, PRINTS, Stage, stage

BUCKET = "photos"
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:worker"
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:inbox"


@pytest.fixture(scope="module")
def account_of_module() -> Iterator[Stage]:
    with stage() as made:
        yield made


@pytest.fixture
def at(account_of_module: Stage) -> Stage:
    made = account_of_module.again()
    made.client("s3").create_bucket(Bucket=BUCKET)
    return made


def _notify(at: Stage, *, skip: bool = False, **configuration: Any) -> None:
    at.client("s3").put_bucket_notification_configuration(
        Bucket=BUCKET, NotificationConfiguration=configuration, SkipDestinationValidation=skip
    )


def _to_queue(*events: str, **more: Any) -> dict[str, Any]:
    return {"QueueConfigurations": [{"QueueArn": QUEUE, "Events": list(events or ("s3:ObjectCreated:*",)), **more}]}


def _to_function(*events: str, **more: Any) -> dict[str, Any]:
    listed = list(events or ("s3:ObjectCreated:*",))
    return {"LambdaFunctionConfigurations": [{"LambdaFunctionArn": FUNCTION, "Events": listed, **more}]}


def _filter(**rules: str) -> dict[str, Any]:
    return {"Filter": {"Key": {"FilterRules": [{"Name": name, "Value": value} for name, value in rules.items()]}}}


def _put(at: Stage, key: str = "a.txt", body: bytes = b"something") -> None:
    at.client("s3").put_object(Bucket=BUCKET, Key=key, Body=body)


def _records(at: Stage) -> list[dict[str, Any]]:
    at.settle()
    return [record for body in at.bodies() for record in body.get("Records", ())]


def _refusal(at: Stage, *, skip: bool = False, **configuration: Any) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        _notify(at, skip=skip, **configuration)
    assert at.client("s3").get_bucket_notification_configuration(Bucket=BUCKET).keys() == {"ResponseMetadata"}
    error: dict[str, Any] = caught.value.response["Error"]  # type: ignore[assignment]
    return error


def test_an_upload_invokes_the_function_with_the_whole_record(at: Stage) -> None:
    """localstack/localstack test_s3_notifications_sqs.snapshot.json, test_object_created_put."""
    at.function(source=PRINTS)
    at.allow("worker", "s3.amazonaws.com", SourceArn=f"arn:aws:s3:::{BUCKET}", SourceAccount=ACCOUNT)
    _notify(at, **_to_function(Id="resize"))
    _put(at, "my photos/ä b.jpg")
    at.settle()
    (event,) = at.events()
    (record,) = event["Records"]
    user = at.client("iam").get_user(UserName="learner")["User"]
    assert list(record) == [
        "eventVersion", "eventSource", "awsRegion", "eventTime", "eventName", "userIdentity", "requestParameters",
        "responseElements", "s3",
    ]  # fmt: skip
    assert (record["eventVersion"], record["eventSource"], record["eventName"]) == ("2.1", "aws:s3", "ObjectCreated:Put")
    assert record["userIdentity"] == {"principalId": f"AWS:{user['UserId']}"}
    assert record["requestParameters"] == {"sourceIPAddress": "127.0.0.1"}
    assert set(record["responseElements"]) == {"x-amz-request-id", "x-amz-id-2"}
    assert record["s3"]["configurationId"] == "resize"
    assert record["s3"]["bucket"]["arn"] == f"arn:aws:s3:::{BUCKET}"
    thing = record["s3"]["object"]
    assert thing.pop("sequencer")
    assert thing == {"key": "my+photos/%C3%A4+b.jpg", "size": 9, "eTag": "437b930db84b8079c2dd804a71936b5f"}
    assert at.books("s3 notifications")["processed"] == 1
    assert at.books("asynchronous events")["processed"] == 1


@pytest.mark.parametrize(
    "condition", [{"SourceArn": "arn:aws:s3:::other"}, {"SourceAccount": "999999999999"}, {"SourceArn": "arn:aws:s3:::photo"}]
)
def test_a_permission_for_another_bucket_or_account_is_none(at: Stage, condition: dict[str, str]) -> None:
    """localstack/localstack test_s3_notifications_lambda.snapshot.json, test_invalid_lambda_arn."""
    at.function()
    at.allow("worker", "s3.amazonaws.com", **condition)
    error = _refusal(at, **_to_function())
    assert error["Code"] == "InvalidArgument"
    assert error["Message"] == "Unable to validate the following destination configurations"
    assert error["ArgumentName1"] == f"{FUNCTION}, null"
    assert error["ArgumentValue1"] == f"Not authorized to invoke function [{FUNCTION}]"


def test_a_permission_taken_away_later_drops_the_event_with_its_reason(at: Stage) -> None:
    at.function()
    at.allow("worker", "s3.amazonaws.com", SourceArn=f"arn:aws:s3:::{BUCKET}")
    _notify(at, **_to_function())
    at.client("lambda").remove_permission(FunctionName="worker", StatementId="s3")
    _put(at)
    at.settle()
    books = at.books("s3 notifications")
    assert (books["accepted"], books["dropped"], books["balanced"]) == (1, {"AccessDeniedException": 1}, True)
    assert at.titles("drop") == ["Dropped: photos/a.txt to worker (AccessDeniedException)"]


def test_storing_a_configuration_sends_a_test_event_to_queues(at: Stage) -> None:
    at.queue(allow="s3.amazonaws.com")
    _notify(at, **_to_queue())
    (said,) = at.bodies()
    assert {key: said[key] for key in ("Service", "Event", "Bucket")} == {
        "Service": "Amazon S3",
        "Event": "s3:TestEvent",
        "Bucket": BUCKET,
    }
    assert set(said) == {"Service", "Event", "Time", "Bucket", "RequestId", "HostId"}


def test_a_queue_must_exist_and_let_s3_in(at: Stage) -> None:
    """localstack/localstack test_s3_notifications_sqs.snapshot.json, test_invalid_sqs_arn."""
    error = _refusal(at, **_to_queue())
    assert (error["ArgumentName1"], error["ArgumentValue1"]) == (QUEUE, "The destination queue does not exist")
    at.queue()
    denied = "Permissions on the destination queue do not allow S3 to publish notifications from this bucket"
    assert _refusal(at, **_to_queue())["ArgumentValue1"] == denied


def test_validation_can_be_skipped_but_not_the_grammar(at: Stage) -> None:
    """localstack/localstack test_s3_notifications_sqs.snapshot.json, test_invalid_sqs_arn and test_…invalid_filter_rules."""
    _notify(at, skip=True, **_to_queue(Id="id123"))
    stored = at.client("s3").get_bucket_notification_configuration(Bucket=BUCKET)
    assert stored["QueueConfigurations"] == [{"Id": "id123", "QueueArn": QUEUE, "Events": ["s3:ObjectCreated:*"]}]
    _notify(at)
    bad_arn = {"QueueConfigurations": [{"QueueArn": "invalid-queue", "Events": ["s3:ObjectCreated:*"]}]}
    error = _refusal(at, skip=True, **bad_arn)
    assert (error["Message"], error["ArgumentName"]) == ("The ARN could not be parsed", "Queue")
    assert error["ArgumentValue"] == "invalid-queue"
    error = _refusal(at, skip=True, **_to_queue(**_filter(INVALID="x")))
    assert error["Message"] == "filter rule name must be either prefix or suffix"
    assert (error["ArgumentName"], error["ArgumentValue"]) == ("FilterRule.Name", "INVALID")


def test_every_bad_destination_is_named(at: Stage) -> None:
    other = QUEUE.replace("inbox", "outbox")
    rules = [
        {"QueueArn": QUEUE, "Events": ["s3:ObjectCreated:*"], **_filter(prefix="a")},
        {"QueueArn": other, "Events": ["s3:ObjectCreated:*"], **_filter(prefix="b")},
    ]
    error = _refusal(at, QueueConfigurations=rules)
    assert (error["ArgumentName1"], error["ArgumentName2"]) == (QUEUE, other)


def test_overlapping_rules_for_one_event_are_ambiguous(at: Stage) -> None:
    rules = [
        {"QueueArn": QUEUE, "Events": ["s3:ObjectCreated:*"], **_filter(prefix="in/")},
        {"QueueArn": QUEUE, "Events": ["s3:ObjectCreated:Put"], **_filter(prefix="in/deep/")},
    ]
    assert "ambiguously defined" in _refusal(at, skip=True, QueueConfigurations=rules)["Message"]


def test_filters_are_shown_capitalised_and_select_by_prefix_and_suffix(at: Stage) -> None:
    """localstack/localstack test_s3_notifications_sqs.snapshot.json, test_filter_rules_case_insensitive."""
    at.queue(allow="s3.amazonaws.com")
    _notify(at, **_to_queue(**_filter(prefix="in/", suffix=".jpg")))
    (shown,) = at.client("s3").get_bucket_notification_configuration(Bucket=BUCKET)["QueueConfigurations"]
    assert shown["Filter"]["Key"]["FilterRules"] == [{"Name": "Prefix", "Value": "in/"}, {"Name": "Suffix", "Value": ".jpg"}]
    assert len(shown["Id"]) == 48
    for key in ("in/a.jpg", "in/a.png", "out/a.jpg"):
        _put(at, key)
    assert [record["s3"]["object"]["key"] for record in _records(at)] == ["in/a.jpg"]


def test_copies_uploads_in_parts_and_removals_have_names_of_their_own(at: Stage) -> None:
    """localstack/localstack test_s3_notifications_sqs.snapshot.json, copy, complete_multipart_upload and delete_objects."""
    at.queue(allow="s3.amazonaws.com")
    _notify(at, **_to_queue("s3:ObjectCreated:*", "s3:ObjectRemoved:*"))
    s3 = at.client("s3")
    _put(at)
    s3.copy_object(Bucket=BUCKET, Key="b.txt", CopySource={"Bucket": BUCKET, "Key": "a.txt"})
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="big")["UploadId"]
    part = s3.upload_part(Bucket=BUCKET, Key="big", UploadId=upload, PartNumber=1, Body=b"x" * 6144)
    s3.complete_multipart_upload(
        Bucket=BUCKET, Key="big", UploadId=upload, MultipartUpload={"Parts": [{"ETag": part["ETag"], "PartNumber": 1}]}
    )
    s3.delete_object(Bucket=BUCKET, Key="a.txt")
    s3.delete_object(Bucket=BUCKET, Key="never-there")
    s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "b.txt"}, {"Key": "big"}, {"Key": "nor-this"}]})
    found = [(record["eventName"], record["s3"]["object"]["key"]) for record in _records(at)]
    assert found == [
        ("ObjectCreated:Put", "a.txt"),
        ("ObjectCreated:Copy", "b.txt"),
        ("ObjectCreated:CompleteMultipartUpload", "big"),
        ("ObjectRemoved:Delete", "a.txt"),
        ("ObjectRemoved:Delete", "b.txt"),
        ("ObjectRemoved:Delete", "big"),
    ]


def test_a_versioned_bucket_tells_versions_and_delete_markers(at: Stage) -> None:
    at.queue(allow="s3.amazonaws.com")
    s3 = at.client("s3")
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    _notify(at, **_to_queue("s3:ObjectCreated:*", "s3:ObjectRemoved:*"))
    version = s3.put_object(Bucket=BUCKET, Key="a.txt", Body=b"1")["VersionId"]
    marker = s3.delete_object(Bucket=BUCKET, Key="a.txt")["VersionId"]
    s3.delete_object(Bucket=BUCKET, Key="a.txt", VersionId=version)
    created, marked, removed = _records(at)
    assert created["s3"]["object"]["versionId"] == version
    assert marked["eventName"] == "ObjectRemoved:DeleteMarkerCreated"
    assert marked["s3"]["object"]["versionId"] == marker
    assert marked["s3"]["object"]["eTag"] == "d41d8cd98f00b204e9800998ecf8427e"
    assert (removed["eventName"], removed["s3"]["object"]["versionId"]) == ("ObjectRemoved:Delete", version)


def test_sequencers_grow_with_every_event_of_a_key(at: Stage) -> None:
    at.queue(allow="s3.amazonaws.com")
    _notify(at, **_to_queue())
    for body in (b"1", b"2", b"3"):
        _put(at, body=body)
    sequencers = [int(record["s3"]["object"]["sequencer"], 16) for record in _records(at)]
    assert sequencers == sorted(set(sequencers))


def test_tagging_and_acl_records_are_version_2_3_and_short(at: Stage) -> None:
    """localstack/localstack test_s3_notifications_sqs.snapshot.json, test_object_tagging_put_event and test_object_put_acl."""
    at.queue(allow="s3.amazonaws.com")
    _put(at)
    _notify(at, **_to_queue("s3:ObjectTagging:*", "s3:ObjectAcl:Put"))
    s3 = at.client("s3")
    s3.put_object_tagging(Bucket=BUCKET, Key="a.txt", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    s3.put_object_acl(Bucket=BUCKET, Key="a.txt", ACL="public-read")
    found = _records(at)
    assert [record["eventName"] for record in found] == ["ObjectTagging:Put", "ObjectAcl:Put"]
    assert {record["eventVersion"] for record in found} == {"2.3"}
    assert set(found[0]["s3"]["object"]) == {"key", "eTag"}


def test_a_bucket_with_eventbridge_on_emits_events(at: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """localstack/localstack test_s3_notifications_eventbridge.snapshot.json, test_object_created_put."""
    seen: list[dict[str, Any]] = []
    notifications = at.account.account.s3_notifications
    monkeypatch.setattr(notifications, "emit", lambda account, region, event, cause: seen.append(event))
    _notify(at, EventBridgeConfiguration={})
    _put(at, "a b.txt", b"test")
    at.client("s3").delete_object(Bucket=BUCKET, Key="a b.txt")
    created, deleted = seen
    assert (created["source"], created["detail-type"], created["account"]) == ("aws.s3", "Object Created", ACCOUNT)
    assert set(created["detail"]) == {"version", "bucket", "object", "request-id", "requester", "source-ip-address", "reason"}
    assert (created["detail"]["reason"], created["detail"]["object"]["size"]) == ("PutObject", 4)
    assert created["detail"]["object"]["key"] == "a b.txt"
    assert deleted["detail"]["deletion-type"] == "Permanently Deleted"


def test_a_throttled_destination_is_tried_again(at: Stage) -> None:
    at.queue(allow="s3.amazonaws.com")
    _notify(at, **_to_queue())
    at.messages()
    error = {"code": "ThrottlingException", "status": 400}
    at.control.add_fault(service="sqs", operation="SendMessage", error=error, count=2)
    _put(at)
    assert len(_records(at)) == 1
    assert [title.split(":")[0] for title in at.titles("retry")] == ["Retry in 1 s", "Retry in 2 s"]
    assert at.books("s3 notifications")["balanced"]


def test_the_timeline_leads_from_the_upload_to_the_invocation(at: Stage) -> None:
    at.function(source=PRINTS)
    at.allow("worker", "s3.amazonaws.com")
    _notify(at, **_to_function())
    _put(at)
    at.settle()
    entries = {entry["id"]: entry for entry in at.control.timeline()}
    (invoked,) = [entry for entry in entries.values() if entry["kind"] == "invoke"]
    chain = [invoked]
    while chain[-1]["cause"]:
        chain.append(entries[chain[-1]["cause"]])
    assert [entry["kind"] for entry in chain] == ["invoke", "event", "s3", "call"]
    assert chain[-1]["title"] == "s3:PutObject"


def test_a_reset_forgets_configurations(at: Stage) -> None:
    _notify(at, skip=True, **_to_queue())
    at.again().client("s3").create_bucket(Bucket=BUCKET)
    assert "QueueConfigurations" not in at.client("s3").get_bucket_notification_configuration(Bucket=BUCKET)


def test_no_such_bucket(at: Stage) -> None:
    """localstack/localstack test_s3_notifications_sns.snapshot.json, test_bucket_not_exist."""
    with pytest.raises(ClientError) as caught:
        at.client("s3").put_bucket_notification_configuration(Bucket="nobodys", NotificationConfiguration={})
    assert caught.value.response["Error"]["Code"] == "NoSuchBucket"
    assert json.loads(json.dumps(caught.value.response["Error"]))["BucketName"] == "nobodys"


def test_a_form_upload_is_refused_by_name(at: Stage) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = at.account.http_call(f"https://{BUCKET}.s3.amazonaws.com/", "POST", headers, b"--x--")
    assert answer.status == 501
    assert b"form uploads" in answer.body


def test_a_rule_of_the_default_bus_sees_a_bucket_s_events(at: Stage) -> None:
    queue = at.queue(allow="events.amazonaws.com")
    events = at.client("events")
    pattern = {"source": ["aws.s3"], "detail": {"object": {"key": [{"prefix": "in/"}]}}}
    events.put_rule(Name="uploads", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="uploads", Targets=[{"Id": "q", "Arn": queue}])
    _notify(at, EventBridgeConfiguration={})
    for key in ("in/a", "out/b", "in/c"):
        _put(at, key)
    at.settle()
    seen = at.bodies()
    assert [event["detail"]["object"]["key"] for event in seen] == ["in/a", "in/c"]
    assert len({event["id"] for event in seen}) == 2
