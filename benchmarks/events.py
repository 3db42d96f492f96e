"""``./course bench events``: events a second through a function, here and on the peer, and six hours of retries.

The same flow, client and function on both, in turn. S3: an upload, its notification, a function that writes an item to DynamoDB.
SQS: messages in batches of ten to a function. Six hours: throttled events until they are too old, in virtual time.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from _measured import client, role, started, zipped
from _peer import NoPeerError, peer
from botocore.exceptions import BotoCoreError, ClientError

from sandbox.account import inprocess_account

PRODUCERS = 4
WAIT_S_MAX = 120.0
RETRIED_EVENTS = 10
TO_TABLE = """
import boto3
table = boto3.client("dynamodb")

def handler(event, context):
    for record in event["Records"]:
        table.put_item(TableName="seen", Item={"id": {"S": record["s3"]["object"]["key"]}})
"""
TAKES = "def handler(event, context):\n    return len(event['Records'])\n"
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["dynamodb:*", "sqs:*"], "Resource": "*"}]}


def progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class Flow:
    """One account with both flows. ``s3`` and ``sqs`` give events a second, from the first one sent to the last one done."""

    def __init__(self, info: dict[str, Any]) -> None:
        self._info = info
        self._rounds = 0
        names = ("s3", "sqs", "dynamodb", "lambda")
        self._s3, self._sqs, self._table, functions = (client(name, info) for name in names)
        arn = role(info)
        client("iam", info).put_role_policy(RoleName="bench", PolicyName="flows", PolicyDocument=json.dumps(POLICY))
        made = {}
        for name, source in (("to-table", TO_TABLE), ("takes", TAKES)):
            made[name] = functions.create_function(
                FunctionName=name, Runtime="python3.11", Role=arn, Handler="app.handler", Timeout=30,
                Code={"ZipFile": zipped(source)},
            )["FunctionArn"]  # fmt: skip
            functions.get_waiter("function_active_v2").wait(FunctionName=name)
        self._table.create_table(
            TableName="seen",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        functions.add_permission(
            FunctionName="to-table", StatementId="s3", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com"
        )
        self._s3.create_bucket(Bucket="inbox")
        rule = {"LambdaFunctionArn": made["to-table"], "Events": ["s3:ObjectCreated:*"]}
        self._s3.put_bucket_notification_configuration(
            Bucket="inbox", NotificationConfiguration={"LambdaFunctionConfigurations": [rule]}
        )
        self._url = self._sqs.create_queue(QueueName="work", Attributes={"VisibilityTimeout": "60"})["QueueUrl"]
        queue = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        functions.create_event_source_mapping(EventSourceArn=queue, FunctionName="takes", BatchSize=10)

    def s3(self, events: int) -> float:
        self._rounds += 1
        before = self._items()

        def put(number: int) -> None:
            self._s3.put_object(Bucket="inbox", Key=f"{self._rounds}-{number}", Body=b"x")

        return _per_second(put, events, events, lambda: self._items() - before >= events)

    def sqs(self, events: int) -> float:
        def send(batch: int) -> None:
            entries = [{"Id": str(place), "MessageBody": f"{batch}-{place}"} for place in range(10)]
            self._sqs.send_message_batch(QueueUrl=self._url, Entries=entries)

        return _per_second(send, events // 10, events, lambda: self._left() == 0)

    def _items(self) -> int:
        pages = self._table.get_paginator("scan").paginate(TableName="seen", Select="COUNT")
        return sum(int(page["Count"]) for page in pages)

    def _left(self) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)["Attributes"]
        return sum(int(found[name]) for name in names)


def _per_second(send: Callable[[int], None], calls: int, events: int, done: Callable[[], bool]) -> float:
    begun = time.perf_counter()

    def produce(first: int) -> None:
        for number in range(first, calls, PRODUCERS):
            send(number)

    threads = [threading.Thread(target=produce, args=(first,)) for first in range(PRODUCERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while not done():
        if time.perf_counter() - begun > WAIT_S_MAX:
            raise NoPeerError(f"{events} events were not done after {WAIT_S_MAX:g} s")
        threading.Event().wait(0.02)
    return events / (time.perf_counter() - begun)


def in_turn(flows: list[Flow], events: int, rounds: int) -> list[tuple[float, float]]:
    """(S3, SQS) of each: medians of ``rounds`` in turn, so that whatever else the machine does hits all; one more warms up."""
    found: list[tuple[list[float], list[float]]] = [([], []) for _ in flows]
    for number in range(rounds + 1):
        for flow, (s3, sqs) in zip(flows, found, strict=True):
            s3.append(flow.s3(events))
            sqs.append(flow.sqs(events * 5))
        progress(f"round {number} of {rounds}: {found[0][0][-1]:.0f} uploads, {found[0][1][-1]:.0f} messages a second")
    return [(statistics.median(s3[1:]), statistics.median(sqs[1:])) for s3, sqs in found]


def six_hours() -> float:
    """Seconds of the host for ten events that are throttled, with back-off, until they are six hours old."""
    with inprocess_account(seed=1) as account:
        iam = account.client("iam")
        trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        arn = iam.create_role(RoleName="bench", AssumeRolePolicyDocument=document)["Role"]["Arn"]
        functions = account.client("lambda")
        functions.create_function(
            FunctionName="busy", Runtime="python3.11", Role=arn, Handler="app.handler", Code={"ZipFile": zipped(TAKES)}
        )
        account.control.add_fault(kind="throttle")
        for _ in range(RETRIED_EVENTS):
            functions.invoke(FunctionName="busy", InvocationType="Event")
        before, begun = account.control.now()["now"], time.perf_counter()
        account.control.until_quiet()
        seconds = time.perf_counter() - begun
        books = account.control.balance()[0]
        if account.control.now()["now"] - before < 6 * 3600 or books["dropped"] != {"EventAgeExceeded": RETRIED_EVENTS}:
            raise SystemExit(f"six hours of retries did not end as they should: {books}")
        return seconds


def measure(events: int, rounds: int) -> dict[str, Any]:
    progress("six virtual hours of retries")
    result: dict[str, Any] = {"six_hours_s": statistics.median(six_hours() for _ in range(3))}
    with started("_account_process.py") as (account, _, _):
        own = Flow(account)
        try:
            with peer() as info:
                rows = in_turn([own, Flow(info)], events, rounds)
        except (NoPeerError, BotoCoreError, ClientError) as error:
            progress(f"no peer: {error}")
            rows = in_turn([own], events, rounds)
            result["peer_reason"] = f"ministack was not measured: {error}"
    result["s3_events_per_s"], result["sqs_events_per_s"] = rows[0]
    result["peer_s3_events_per_s"], result["peer_sqs_events_per_s"] = rows[1] if len(rows) > 1 else (None, None)
    return {key: round(value, 3) if isinstance(value, float) else value for key, value in result.items()}


AIMS = {"six_hours_s": "<= 1", "s3_events_per_s": ">= peer", "sqs_events_per_s": ">= peer"}


def main() -> None:
    parser = argparse.ArgumentParser(description="Events a second from S3 and SQS through a function, here and on ministack")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else on standard output")
    parser.add_argument("--events", type=int, default=200, metavar="N", help="uploads a round; five times as many messages")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="rounds, of which the median counts (default 3)")
    args = parser.parse_args()
    result = measure(args.events, args.rounds)
    if args.json:
        print(json.dumps(result))
        return
    for key, value in result.items():
        aim = AIMS.get(key, "")
        print(f"{key:24} {value}  {'aim ' + aim if aim else ''}")


if __name__ == "__main__":
    main()
