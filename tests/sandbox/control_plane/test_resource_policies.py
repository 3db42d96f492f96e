from __future__ import annotations

import json

import pytest

from sandbox.errors import AwsError

ACCOUNT = "123456789012"


def document(resource="*", action="*"):
    statement = {"Sid": "s", "Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": action, "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}


def test_a_buckets_policy_speaks_for_its_objects(plane):
    s3 = plane.client("s3")
    s3.create_bucket(Bucket="b-one")
    assert plane.policy_of("arn:aws:s3:::b-one") is None
    s3.put_bucket_policy(Bucket="b-one", Policy=json.dumps(document("arn:aws:s3:::b-one/*")))
    assert plane.policy_of("arn:aws:s3:::b-one/some/key").document == document("arn:aws:s3:::b-one/*")
    assert plane.bucket_owner("b-one") == ACCOUNT
    assert plane.bucket_owner("nobodys") == ""
    s3.delete_bucket_policy(Bucket="b-one")
    assert plane.policy_of("arn:aws:s3:::b-one") is None


def test_an_unchanged_policy_is_the_same_object_so_that_verdicts_can_be_remembered(plane):
    plane.client("s3").create_bucket(Bucket="b-one")
    plane.client("s3").put_bucket_policy(Bucket="b-one", Policy=json.dumps(document()))
    first = plane.policy_of("arn:aws:s3:::b-one").document
    assert plane.policy_of("arn:aws:s3:::b-one").document is first
    plane.client("s3").put_bucket_policy(Bucket="b-one", Policy=json.dumps(document(action="s3:Get*")))
    assert plane.policy_of("arn:aws:s3:::b-one").document is not first


def test_a_queues_policy_follows_its_attributes_and_permissions(plane):
    sqs = plane.client("sqs")
    url = sqs.create_queue(QueueName="q", Attributes={"Policy": json.dumps(document())})["QueueUrl"]
    arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:q"
    assert plane.policy_of(arn).document == document()
    sqs.add_permission(QueueUrl=url, Label="l", AWSAccountIds=["210987654321"], Actions=["SendMessage"])
    assert "l" in [statement.get("Sid") for statement in plane.policy_of(arn).document["Statement"]]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    assert plane.policy_of(arn) is None


def test_a_topics_policy_is_awss_default_until_it_is_set(plane):
    arn = plane.client("sns").create_topic(Name="t")["TopicArn"]
    assert plane.policy_of(arn).document["Statement"][0]["Sid"] == "__default_statement_ID"
    plane.client("sns").set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=json.dumps(document()))
    assert plane.policy_of(arn).document == document()


def test_a_keys_default_policy_delegates_to_the_account(plane):
    arn = plane.client("kms").create_key()["KeyMetadata"]["Arn"]
    assert plane.policy_of(arn).document["Statement"][0]["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


def test_secrets_tables_streams_and_buses_have_policies_too(plane):
    secret = plane.client("secretsmanager").create_secret(Name="s", SecretString="x")["ARN"]
    plane.client("secretsmanager").put_resource_policy(SecretId=secret, ResourcePolicy=json.dumps(document()))
    table = plane.client("dynamodb").create_table(
        TableName="tbl",
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )["TableDescription"]["TableArn"]
    plane.client("dynamodb").put_resource_policy(ResourceArn=table, Policy=json.dumps(document()))
    plane.client("kinesis").create_stream(StreamName="s", ShardCount=1)
    stream = plane.client("kinesis").describe_stream(StreamName="s")["StreamDescription"]["StreamARN"]
    plane.client("kinesis").put_resource_policy(ResourceARN=stream, Policy=json.dumps(document()))
    bus = plane.client("events").create_event_bus(Name="b")["EventBusArn"]
    plane.client("events").put_permission(EventBusName="b", Policy=json.dumps(document(bus, "events:PutEvents")))

    assert plane.policy_of(secret).document == document()
    assert plane.policy_of(table).document == plane.policy_of(f"{table}/index/i").document == document()
    assert plane.policy_of(stream).document == document()
    assert plane.policy_of(bus).document["Statement"][0]["Action"] == "events:PutEvents"


@pytest.mark.parametrize(
    "arn", ["no arn", "arn:aws:s3:::missing", "arn:aws:sqs:us-east-1:1:missing", "arn:aws:ec2:us-east-1:1:instance/i"]
)
def test_what_is_not_there_has_no_policy(plane, arn):
    assert plane.policy_of(arn) is None


def test_the_bytes_of_a_code_package_come_out_of_s3_by_version(plane):
    s3 = plane.client("s3")
    s3.create_bucket(Bucket="b-one")
    s3.put_bucket_versioning(Bucket="b-one", VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket="b-one", Key="k", Body=b"one")["VersionId"]
    s3.put_object(Bucket="b-one", Key="k", Body=b"two")
    assert plane.fetch_s3(ACCOUNT, "b-one", "k") == b"two"
    assert plane.fetch_s3(ACCOUNT, "b-one", "k", first) == b"one"
    s3.delete_object(Bucket="b-one", Key="k")
    for bucket, key, version, code in [
        ("nobodys", "k", "", "NoSuchBucket"),
        ("b-one", "none", "", "NoSuchKey"),
        ("b-one", "k", "", "NoSuchKey"),
        ("b-one", "k", "no-version", "NoSuchVersion"),
    ]:
        with pytest.raises(AwsError) as caught:
            plane.fetch_s3(ACCOUNT, bucket, key, version)
        assert caught.value.code == code
