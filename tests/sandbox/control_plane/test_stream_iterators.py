from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.account import inprocess_account


@pytest.fixture
def streams() -> Iterator[tuple[Any, str, str]]:
    with inprocess_account(seed=3) as account:
        table = account.client("dynamodb")
        made = table.create_table(
            TableName="t",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
        )
        for key in "abcd":
            table.put_item(TableName="t", Item={"id": {"S": key}})
        client, arn = account.client("dynamodbstreams"), made["TableDescription"]["LatestStreamArn"]
        (shard,) = client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        yield client, arn, shard["ShardId"]


def read(streams: tuple[Any, str, str], kind: str, limit: int = 10, **more: str) -> tuple[list[dict[str, Any]], str]:
    client, arn, shard = streams
    iterator = client.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType=kind, **more)["ShardIterator"]
    got = client.get_records(ShardIterator=iterator, Limit=limit)
    return got["Records"], got["NextShardIterator"]


def keys(records: list[dict[str, Any]]) -> str:
    return "".join(record["dynamodb"]["Keys"]["id"]["S"] for record in records)


def test_an_iterator_goes_on_where_the_last_one_ended(streams: tuple[Any, str, str]) -> None:
    first, following = read(streams, "TRIM_HORIZON", limit=3)
    rest = streams[0].get_records(ShardIterator=following)["Records"]
    assert (keys(first), keys(rest)) == ("abc", "d")


def test_a_sequence_number_is_included_or_not(streams: tuple[Any, str, str]) -> None:
    number = read(streams, "TRIM_HORIZON")[0][1]["dynamodb"]["SequenceNumber"]
    assert keys(read(streams, "AT_SEQUENCE_NUMBER", SequenceNumber=number)[0]) == "bcd"
    assert keys(read(streams, "AFTER_SEQUENCE_NUMBER", SequenceNumber=number)[0]) == "cd"


def test_latest_is_after_everything(streams: tuple[Any, str, str]) -> None:
    assert read(streams, "LATEST")[0] == []


def test_what_is_no_iterator_or_no_stream_is_refused(streams: tuple[Any, str, str]) -> None:
    client, arn, shard = streams
    with pytest.raises(ClientError, match="Invalid ShardIterator"):
        client.get_records(ShardIterator=f"{arn}|x")
    with pytest.raises(ClientError, match="Requested resource not found"):
        client.get_shard_iterator(StreamArn=f"{arn}0", ShardId=shard, ShardIteratorType="LATEST")
    with pytest.raises(ClientError, match="read past the oldest"):
        read(streams, "AT_SEQUENCE_NUMBER", SequenceNumber="1".zfill(21))
