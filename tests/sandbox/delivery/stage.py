"""A small stage for event-driven tests: functions, queues and topics of an in-process account, and what they received."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sandbox.account import inprocess_account

if TYPE_CHECKING:
    from sandbox.account.inprocess import InprocessAccount
    from sandbox.account.local import LocalAccount

ACCOUNT, REGION = "123456789012", "us-east-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/worker"
RAISES = "def handler(event, context):\n    raise ValueError('no')\n"
ECHOES = "def handler(event, context):\n    return event\n"
PRINTS = "import json\ndef handler(event, context):\n    print('GOT ' + json.dumps(event))\n"


class Stage:
    def __init__(self, account: InprocessAccount | LocalAccount) -> None:
        self.account = account
        self.control = account.control
        self._clients: dict[str, Any] = {}

    def again(self) -> Stage:
        """As new, but for the clients, which cost more than everything else."""
        self.account.reset()
        self.role("worker", ["logs:*", "sqs:*", "sns:*", "lambda:*", "events:*", "s3:*"])
        return self

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = self.account.client(service)
        return self._clients[service]

    def role(self, name: str, actions: list[str]) -> str:
        trust = _policy({"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"})
        iam = self.client("iam")
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
        iam.put_role_policy(RoleName=name, PolicyName="may", PolicyDocument=_policy({"Action": actions, "Resource": "*"}))
        return f"arn:aws:iam::{ACCOUNT}:role/{name}"

    def restrict(self, role: str, actions: list[str]) -> None:
        """From now on the role may do only this."""
        document = _policy({"Action": actions, "Resource": "*"})
        self.client("iam").put_role_policy(RoleName=role, PolicyName="may", PolicyDocument=document)

    def function(self, name: str = "worker", source: str = ECHOES, **fields: Any) -> str:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as package:
            package.writestr("app.py", source)
        made = self.client("lambda").create_function(
            FunctionName=name,
            Runtime="python3.14",
            Role=fields.pop("Role", ROLE),
            Handler="app.handler",
            Code={"ZipFile": archive.getvalue()},
            **fields,
        )
        return str(made["FunctionArn"])

    def allow(self, function: str, service: str, **fields: Any) -> None:
        sid = service.partition(".")[0]
        self.client("lambda").add_permission(
            FunctionName=function, StatementId=sid, Action="lambda:InvokeFunction", Principal=service, **fields
        )

    def start(self, function: str = "worker", payload: Any = None, **fields: Any) -> None:
        """An asynchronous invocation."""
        self.client("lambda").invoke(
            FunctionName=function, InvocationType="Event", Payload=json.dumps({} if payload is None else payload), **fields
        )

    def queue(self, name: str = "inbox", *, allow: str = "", **attributes: str) -> str:
        """The queue's ARN; ``allow`` is a service that may send to it."""
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"
        if allow:
            attributes["Policy"] = _policy({"Principal": {"Service": allow}, "Action": "sqs:SendMessage", "Resource": arn})
        self.client("sqs").create_queue(QueueName=name, Attributes=attributes)
        return arn

    def messages(self, name: str = "inbox") -> list[dict[str, Any]]:
        """All visible messages, taken off the queue."""
        sqs, found = self.client("sqs"), list[dict[str, Any]]()
        url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
        while batch := sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"], MessageAttributeNames=["All"]
        ).get("Messages"):
            found += batch
            for message in batch:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return found

    def bodies(self, name: str = "inbox") -> list[Any]:
        return [json.loads(message["Body"]) for message in self.messages(name)]

    def events(self, function: str = "worker") -> list[Any]:
        """What a function made of ``PRINTS`` was given."""
        lines = self.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{function}", filterPattern="GOT")["events"]
        return [json.loads(line["message"][4:]) for line in lines if line["message"].startswith("GOT ")]

    def metric(self, name: str, function: str = "worker") -> float:
        now = self.control.now()["now"]
        points = self.client("cloudwatch").get_metric_statistics(
            Namespace="AWS/Lambda",
            MetricName=name,
            Dimensions=[{"Name": "FunctionName", "Value": function}],
            StartTime=now - 86_400,
            EndTime=now + 60,
            Period=60,
            Statistics=["Sum"],
        )["Datapoints"]
        return float(sum(point["Sum"] for point in points))

    def settle(self) -> None:
        self.control.until_quiet()

    def books(self, source: str) -> dict[str, Any]:
        return next(row for row in self.control.balance() if row["source"] == source)

    def titles(self, kind: str) -> list[str]:
        return [entry["title"] for entry in self.control.timeline() if entry["kind"] == kind]


@contextmanager
def stage(**settings: Any) -> Iterator[Stage]:
    with inprocess_account(**{"seed": 7, **settings}) as account:
        yield Stage(account).again()


def _policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})
