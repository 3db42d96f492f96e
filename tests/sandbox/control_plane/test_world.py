from __future__ import annotations

import time

import pytest
from botocore.exceptions import ClientError


def test_two_accounts_of_one_process_do_not_see_each_other(make_plane):
    one, two = make_plane(seed=1), make_plane(seed=2)
    for plane in (one, two):  # the same names in both: nothing is shared, not even S3's global bucket namespace
        plane.client("s3").create_bucket(Bucket="shared-name")
        plane.client("sqs").create_queue(QueueName="q")
        plane.client("sns").create_topic(Name="t")
        plane.client("iam").create_account_alias(AccountAlias="same")
    one.client("s3").put_object(Bucket="shared-name", Key="only-in-one", Body=b"1")
    one.client("iam").create_user(UserName="only-in-one")
    one.client("dynamodb").create_table(
        TableName="only-in-one",
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    two.client("sqs").delete_queue(QueueUrl=two.client("sqs").get_queue_url(QueueName="q")["QueueUrl"])

    assert "Contents" not in two.client("s3").list_objects_v2(Bucket="shared-name")
    assert two.client("dynamodb").list_tables()["TableNames"] == []
    assert [user["UserName"] for user in two.client("iam").list_users()["Users"]] == ["learner"]
    assert len(one.client("sqs").list_queues()["QueueUrls"]) == 1
    assert "QueueUrls" not in two.client("sqs").list_queues()
    assert two.identities.credential(one.identities.learner().access_key_id) is None


def test_a_reset_leaves_the_learner_and_nothing_else(plane):
    plane.client("s3").create_bucket(Bucket="b-one")
    plane.client("iam").create_user(UserName="u")
    key = plane.identities.learner().access_key_id

    plane.reset()

    assert plane.client("s3").list_buckets()["Buckets"] == []
    assert [user["UserName"] for user in plane.client("iam").list_users()["Users"]] == ["learner"]
    assert plane.identities.learner().access_key_id == key
    plane.client("s3").create_bucket(Bucket="b-one")


def test_a_reset_takes_milliseconds(plane):
    client = plane.client("s3")
    client.create_bucket(Bucket="b-one")
    for number in range(50):
        client.put_object(Bucket="b-one", Key=str(number), Body=b"x" * 1000)
    started = time.perf_counter()
    plane.reset()
    assert time.perf_counter() - started < 0.05


def test_the_same_seed_gives_the_same_identifiers_and_other_worlds_do_not_disturb_them(make_plane):
    def instance_ids(plane, other=None):
        found = []
        for name in "abc":
            found.append(plane.client("kms").create_key(Description=name)["KeyMetadata"]["KeyId"])
            if other is not None:
                other.client("kms").create_key()
        return found

    alone = instance_ids(make_plane(seed=5))
    assert instance_ids(make_plane(seed=5), other=make_plane(seed=6)) == alone
    assert instance_ids(make_plane(seed=6)) != alone


def test_moto_lives_in_the_accounts_time(make_plane):
    plane = make_plane(virtual=True, start=1_900_000_000.0)
    sqs = plane.client("sqs")
    url = sqs.create_queue(QueueName="q", Attributes={"VisibilityTimeout": "30"})["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="m")
    assert len(sqs.receive_message(QueueUrl=url)["Messages"]) == 1
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    plane.world.clock.move_to(1_900_000_031.0)
    again = sqs.receive_message(QueueUrl=url, AttributeNames=["All"])["Messages"][0]
    assert again["Attributes"]["ApproximateReceiveCount"] == "2"
    assert again["Attributes"]["SentTimestamp"].startswith("19000000")


def test_a_closed_world_leaves_no_trace_for_the_next(make_plane):
    first = make_plane()
    first.client("s3").create_bucket(Bucket="b-one")
    first.close()
    assert make_plane().client("s3").list_buckets()["Buckets"] == []


def test_regions_are_separate(plane):
    plane.client("sqs", region="eu-west-1").create_queue(QueueName="q")
    with pytest.raises(ClientError, match="does not exist"):
        plane.client("sqs", region="us-east-1").get_queue_url(QueueName="q")
    assert "eu-west-1" in plane.client("sqs", region="eu-west-1").get_queue_url(QueueName="q")["QueueUrl"]
