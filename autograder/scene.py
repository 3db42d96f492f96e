"""What scenarios hold in their hands: the deployed stack, clients, faults, the clock, and traffic such as AWS would bring."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus

from autograder.evidence import Evidence, Message, Window
from autograder.recovery import event_in, objects_in
from autograder.stack import Deployer, Stack
from autograder.variants import Variant
from sandbox.account import LocalAccount

_DESTINATIONS = (
    ("LambdaFunctionConfigurations", "LambdaFunctionArn"),
    ("QueueConfigurations", "QueueArn"),
    ("TopicConfigurations", "TopicArn"),
)


class Clients:
    """boto3 clients of the account's owner, made once each: ``clients("s3")``. They outlive a reset, as its keys do."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self._made: dict[str, Any] = {}

    def __call__(self, service: str) -> Any:
        if service not in self._made:
            self._made[service] = self._account.near_client(service)
        return self._made[service]


class Clock:
    """The account's virtual time: nothing moves until it is advanced."""

    def __init__(self, account: LocalAccount) -> None:
        self._control = account.control
        self.now = float(self._control.now()["now"])

    def advance(self, *, minutes: float = 0, seconds: float = 0) -> None:
        """Everything that falls due in that time has happened when this returns."""
        self.now = float(self._control.advance(60 * minutes + seconds)["now"])


class Faults:
    """Fault rules for as long as a block lasts."""

    def __init__(self, account: LocalAccount) -> None:
        self._control = account.control

    @contextmanager
    def during(self, **rule: Any) -> Iterator[None]:
        """``rule`` as the control channel takes it: service, operation, resource, caller, error, count …"""
        added = self._control.add_fault(**rule)
        try:
            yield
        finally:
            self._control.remove_fault(added["id"])


@dataclass(frozen=True, slots=True)
class Upload:
    """An object as S3 would tell of it."""

    bucket: str
    key: str
    size: int
    etag: str
    sequencer: str


class Traffic:
    """Uploads, and events delivered to wherever the bucket sends them: what S3 does, done on purpose."""

    def __init__(self, stack: Stack, clients: Clients, clock: Clock) -> None:
        self._clients = clients
        self._clock = clock
        self.bucket = stack.outputs.get("UploadBucketName", "")
        self._sequence = 0

    def upload(self, key: str, body: bytes) -> Upload:
        answer = self._clients("s3").put_object(Bucket=self.bucket, Key=key, Body=body)
        return self.known(key, len(body), answer["ETag"])

    def known(self, key: str, size: int, etag: str) -> Upload:
        """An upload with a sequencer of its own."""
        self._sequence += 1
        return Upload(self.bucket, key, size, etag.strip('"'), f"00F{self._sequence:015X}")

    @contextmanager
    def unnoticed(self) -> Iterator[None]:
        """Uploads inside the block notify nobody."""
        s3 = self._clients("s3")
        held = s3.get_bucket_notification_configuration(Bucket=self.bucket)
        held.pop("ResponseMetadata")
        s3.put_bucket_notification_configuration(Bucket=self.bucket, NotificationConfiguration={})
        try:
            yield
        finally:
            s3.put_bucket_notification_configuration(
                Bucket=self.bucket, NotificationConfiguration=held, SkipDestinationValidation=True
            )

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """What arrives in queues inside the block waits for its end, so that it comes in batches where functions take batches."""
        lambda_ = self._clients("lambda")
        paused = [row["UUID"] for row in lambda_.list_event_source_mappings()["EventSourceMappings"] if row["State"] == "Enabled"]
        for uuid in paused:
            lambda_.update_event_source_mapping(UUID=uuid, Enabled=False)
        self._clock.advance(minutes=2)
        yield
        for uuid in paused:
            lambda_.update_event_source_mapping(UUID=uuid, Enabled=True)
        self._clock.advance(minutes=2)

    def entries(self) -> list[str]:
        """ARNs the bucket notifies directly, functions first; empty when only EventBridge hears of it."""
        held = self._clients("s3").get_bucket_notification_configuration(Bucket=self.bucket)
        return [row[arn] for section, arn in _DESTINATIONS for row in held.get(section, ())]

    def deliver(self, uploads: list[Upload]) -> bool:
        """One S3 event with a record for each upload, to the first destination; False when there is none but EventBridge."""
        entries = self.entries()
        if not entries:
            return False
        self.send(entries[0], self.event(uploads))
        return True

    def event(self, uploads: list[Upload]) -> dict[str, Any]:
        when = datetime.fromtimestamp(self._clock.now, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        return {"Records": [_record(upload, when) for upload in uploads]}

    def send(self, arn: str, event: Mapping[str, Any]) -> None:
        """As S3 sends to functions, queues and topics."""
        body = json.dumps(event)
        if ":lambda:" in arn:
            self._clients("lambda").invoke(FunctionName=arn, InvocationType="Event", Payload=body.encode())
        elif ":sqs:" in arn:
            sqs = self._clients("sqs")
            url = sqs.get_queue_url(QueueName=arn.rpartition(":")[2])["QueueUrl"]
            sqs.send_message(QueueUrl=url, MessageBody=body)
        else:
            self._clients("sns").publish(TopicArn=arn, Message=body, Subject="Amazon S3 Notification")


class Ears:
    """Queues of the grader that listen to a topic, and the failure queue drained: messages with the time they arrived."""

    def __init__(self, clients: Clients) -> None:
        self._sqs = clients("sqs")
        self._sns = clients("sns")
        self._urls: dict[str, str] = {}

    def listen(self, name: str, topic: str) -> None:
        url = self._sqs.create_queue(QueueName=f"course-{name}")["QueueUrl"]
        arn = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        allow = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn}
        # A role that may do anything would put messages here past the topic.
        others = {"Bool": {"aws:PrincipalIsAWSService": "false"}}
        deny = {"Effect": "Deny", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn, "Condition": others}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allow, deny]})
        self._sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        self._sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        self._urls[name] = url

    def heard(self, name: str) -> list[Message]:
        """Everything that came over the topic, oldest first; taken out of the queue.

        What a function put there itself is passed over.
        """
        unwrapped = map(_unwrapped, self.drained(self._urls[name]) if name in self._urls else [])
        return [message for message in unwrapped if message is not None]

    def drained(self, url: str) -> list[Message]:
        """The queue is empty afterwards. Messages in flight elsewhere are not waited for."""
        taken: list[Message] = []
        while True:
            answer = self._sqs.receive_message(
                QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["SentTimestamp"], MessageAttributeNames=["All"]
            )
            rows = answer.get("Messages", [])
            if not rows:
                return sorted(taken, key=lambda message: (message.at, message.body))
            for row in rows:
                attributes = {name: str(value.get("StringValue", "")) for name, value in row.get("MessageAttributes", {}).items()}
                taken.append(Message(int(row["Attributes"]["SentTimestamp"]) / 1000, row["Body"], attributes))
            entries = [{"Id": str(number), "ReceiptHandle": row["ReceiptHandle"]} for number, row in enumerate(rows)]
            self._sqs.delete_message_batch(QueueUrl=url, Entries=entries)


@dataclass(slots=True)
class Scene:
    """Everything a scenario or a check may ask for, by the name of the parameter."""

    account: LocalAccount
    stack: Stack
    variant: Variant
    clients: Clients
    clock: Clock
    faults: Faults
    traffic: Traffic
    ears: Ears
    evidence: Evidence
    deployer: Deployer

    @contextmanager
    def window(self, name: str) -> Iterator[None]:
        """What happens inside is told apart from the rest by time."""
        start = self.clock.now
        yield
        self.clock.advance(seconds=1)
        self.evidence.windows[name] = Window(name, start, self.clock.now)

    def event_of(self, failed: list[Message], key: str) -> dict[str, Any] | None:
        """The event to bring back: S3's own record out of a message about this object, or one made anew for it."""
        for message in failed:
            event = event_in(message.body, key)
            if event is not None:
                return event
        if any((self.traffic.bucket, key) in objects_in(message.body) for message in failed):
            held = self.clients("s3").head_object(Bucket=self.traffic.bucket, Key=key)
            return self.traffic.event([self.traffic.known(key, int(held["ContentLength"]), held["ETag"])])
        return None

    def deploy_again(self, **parameters: str) -> str:
        """The same template as another stack beside the first; why it could not be, or an empty text."""
        return self.deployer.beside(parameters)

    def release(self, files: Mapping[str, bytes], **parameters: str) -> str:
        """An update of the stack begins, with these files in place of the submission's; why it could not, or an empty text."""
        return self.deployer.over(files, parameters)

    def stack_status(self) -> str:
        """What CloudFormation says of the stack now: an update is over when it does not end in ``_IN_PROGRESS``."""
        return self.deployer.status()


def scene_of(account: LocalAccount, clients: Clients, stack: Stack, variant: Variant, deployer: Deployer) -> Scene:
    clock = Clock(account)
    traffic = Traffic(stack, clients, clock)
    return Scene(account, stack, variant, clients, clock, Faults(account), traffic, Ears(clients), Evidence(), deployer)


def _record(upload: Upload, when: str) -> dict[str, Any]:
    """S3 user guide, "Event message structure": the key is encoded as in a form."""
    bucket = {"name": upload.bucket, "ownerIdentity": {"principalId": "A1"}, "arn": f"arn:aws:s3:::{upload.bucket}"}
    item = {
        "key": quote_plus(upload.key, safe="/"),
        "size": upload.size,
        "eTag": upload.etag,
        "sequencer": upload.sequencer,
    }
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "us-east-1",
        "eventTime": when,
        "eventName": "ObjectCreated:Put",
        "userIdentity": {"principalId": "AWS:A1"},
        "requestParameters": {"sourceIPAddress": "198.51.100.7"},
        "responseElements": {"x-amz-request-id": "C3D13FE58DE4C810", "x-amz-id-2": "FMyUVURIY8"},
        "s3": {"s3SchemaVersion": "1.0", "configurationId": "uploads", "bucket": bucket, "object": item},
    }


def _unwrapped(message: Message) -> Message | None:
    """What SNS wrapped for a queue: the published text and its attributes. None for a text that SNS would not write."""
    try:
        wrapped = json.loads(message.body)
        attributes = {name: str(value["Value"]) for name, value in wrapped.get("MessageAttributes", {}).items()}
        told = wrapped["Message"]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    return Message(message.at, told, attributes) if isinstance(told, str) else None
