"""Who may do what, over HTTP: strangers, users, sessions, roles, accounts side by side, anonymous readers."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.account import LocalAccount


def test_a_stranger_is_refused_in_the_words_of_each_service(account: LocalAccount, code_of: Callable[..., str]) -> None:
    keys = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "x"}
    assert code_of(account.client("lambda", **keys).list_functions) == "UnrecognizedClientException"
    assert code_of(account.client("iam", **keys).list_users) == "InvalidClientTokenId"
    assert code_of(account.client("s3", **keys).list_buckets) == "InvalidAccessKeyId"
    assert code_of(account.client("dynamodb", **keys).list_tables) == "UnrecognizedClientException"
    wrong = {"aws_secret_access_key": "wrong"}
    assert code_of(account.client("lambda", **wrong).list_functions) == "InvalidSignatureException"
    assert code_of(account.client("s3", **wrong).list_buckets) == "SignatureDoesNotMatch"


def test_a_wrong_region_is_named(account: LocalAccount, code_of: Callable[..., str]) -> None:
    assert code_of(account.client("lambda", region_name="us-esat-1").list_functions) == "InvalidSignatureException"


def test_regions_keep_apart(account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any]) -> None:
    make_function(account, make_role(account), "return 1")
    assert account.client("lambda", region_name="eu-west-1").list_functions()["Functions"] == []


def test_a_user_may_do_what_its_policy_says_and_no_more(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any], code_of: Callable[..., str]
) -> None:
    make_function(account, make_role(account), "return 1")
    iam = account.client("iam")
    iam.create_user(UserName="reader")
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    keys = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    client = account.client("lambda", **keys)
    assert code_of(lambda: client.invoke(FunctionName="f")) == "AccessDeniedException"
    arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": arn}]}
    iam.put_user_policy(UserName="reader", PolicyName="p", PolicyDocument=json.dumps(document))
    assert client.invoke(FunctionName="f")["StatusCode"] == 200
    assert code_of(lambda: client.get_function(FunctionName="f")) == "AccessDeniedException"
    iam.delete_user_policy(UserName="reader", PolicyName="p")
    assert code_of(lambda: client.invoke(FunctionName="f")) == "AccessDeniedException"


def test_a_verdict_on_invoke_is_not_remembered_past_a_change_of_the_functions_policy(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any], code_of: Callable[..., str]
) -> None:
    client = make_function(account, make_role(account), "return 1")
    iam = account.client("iam")
    iam.create_user(UserName="caller")
    key = iam.create_access_key(UserName="caller")["AccessKey"]
    caller = account.client("lambda", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    assert code_of(lambda: caller.invoke(FunctionName="f")) == "AccessDeniedException"
    principal = "arn:aws:iam::123456789012:user/caller"
    client.add_permission(FunctionName="f", StatementId="s", Action="lambda:InvokeFunction", Principal=principal)
    assert caller.invoke(FunctionName="f")["StatusCode"] == 200
    client.remove_permission(FunctionName="f", StatementId="s")
    assert code_of(lambda: caller.invoke(FunctionName="f")) == "AccessDeniedException"


def test_a_condition_on_the_time_is_asked_every_time(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any], code_of: Callable[..., str]
) -> None:
    make_function(account, make_role(account), "return 1")
    iam = account.client("iam")
    iam.create_user(UserName="late")
    key = iam.create_access_key(UserName="late")["AccessKey"]
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(account.control.now()["now"] + 60))
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"DateLessThan": {"aws:CurrentTime": until}}}
    iam.put_user_policy(
        UserName="late", PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )
    client = account.client("lambda", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    account.control.set_clock("virtual")
    assert client.invoke(FunctionName="f")["StatusCode"] == 200
    account.control.advance(61)
    assert code_of(lambda: client.invoke(FunctionName="f")) == "AccessDeniedException"


def test_a_role_can_be_assumed_by_whom_it_trusts(
    account: LocalAccount, make_role: Callable[..., str], code_of: Callable[..., str]
) -> None:
    iam, sts = account.client("iam"), account.client("sts")
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:user/learner"}, "Action": "sts:AssumeRole"}
        ],
    }
    arn = iam.create_role(RoleName="open", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    session = sts.assume_role(RoleArn=arn, RoleSessionName="me")["Credentials"]
    keys = {
        "aws_access_key_id": session["AccessKeyId"],
        "aws_secret_access_key": session["SecretAccessKey"],
        "aws_session_token": session["SessionToken"],
    }
    assert account.client("sts", **keys).get_caller_identity()["Arn"] == "arn:aws:sts::123456789012:assumed-role/open/me"
    assert code_of(account.client("lambda", **keys).list_functions) == "AccessDeniedException"
    closed = make_role(account, "closed")
    assert code_of(lambda: sts.assume_role(RoleArn=closed, RoleSessionName="me")) == "AccessDenied"


def test_accounts_side_by_side_need_each_others_leave(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any], code_of: Callable[..., str]
) -> None:
    other = account.control.add_account("210987654321")
    keys = {"aws_access_key_id": other["aws_access_key_id"], "aws_secret_access_key": other["aws_secret_access_key"]}
    assert account.client("sts", **keys).get_caller_identity()["Account"] == "210987654321"
    client = make_function(account, make_role(account), "return 1")
    arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
    stranger = account.client("lambda", **keys)
    assert stranger.list_functions()["Functions"] == []
    assert code_of(lambda: stranger.invoke(FunctionName=arn)) == "AccessDeniedException"
    client.add_permission(FunctionName="f", StatementId="s", Action="lambda:InvokeFunction", Principal="210987654321")
    assert stranger.invoke(FunctionName=arn)["StatusCode"] == 200


def test_a_queue_that_lets_another_account_in_takes_its_messages_and_stays_its_owners(
    account: LocalAccount, code_of: Callable[..., str]
) -> None:
    """SQS API reference, DeleteQueue: cross-account permissions don't apply to this action."""
    other = account.control.add_account("210987654321")
    keys = {"aws_access_key_id": other["aws_access_key_id"], "aws_secret_access_key": other["aws_secret_access_key"]}
    sqs, stranger = account.client("sqs"), account.client("sqs", **keys)
    queue = sqs.create_queue(QueueName="open")["QueueUrl"]
    assert code_of(lambda: stranger.send_message(QueueUrl=queue, MessageBody="too soon")) == "AccessDenied"
    statement = {"Effect": "Allow", "Principal": {"AWS": "210987654321"}, "Action": "sqs:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    stranger.send_message(QueueUrl=queue, MessageBody="hello")
    assert (
        stranger.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]["ApproximateNumberOfMessages"] == "1"
    )
    message = sqs.receive_message(QueueUrl=queue, VisibilityTimeout=0, WaitTimeSeconds=1)["Messages"][0]
    assert message["Body"] == "hello"
    handle = stranger.receive_message(QueueUrl=queue)["Messages"][0]["ReceiptHandle"]
    stranger.delete_message(QueueUrl=queue, ReceiptHandle=handle)
    assert "Messages" not in sqs.receive_message(QueueUrl=queue)
    assert code_of(lambda: stranger.delete_queue(QueueUrl=queue)) == "AWS.SimpleQueueService.NonExistentQueue"


def test_passing_a_role_needs_permission(
    account: LocalAccount, make_role: Callable[..., str], zipped: Callable[[str], bytes]
) -> None:
    role = make_role(account)
    iam = account.client("iam")
    iam.create_user(UserName="deployer")
    key = iam.create_access_key(UserName="deployer")["AccessKey"]
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}]}
    iam.put_user_policy(UserName="deployer", PolicyName="p", PolicyDocument=json.dumps(document))
    client = account.client("lambda", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    config = {"Runtime": "python3.13", "Role": role, "Handler": "app.handler", "Code": {"ZipFile": zipped("")}}
    with pytest.raises(ClientError, match="iam:PassRole"):
        client.create_function(FunctionName="f", **config)


def test_an_anonymous_reader_gets_what_the_bucket_policy_opens(account: LocalAccount) -> None:
    s3 = account.client("s3")
    s3.create_bucket(Bucket="pictures")
    s3.put_object(Bucket="pictures", Key="open/a.txt", Body=b"hello")
    address = f"{account.endpoint_url}/pictures/open/a.txt"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(address)
    arn = "arn:aws:s3:::pictures/open/*"
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": arn}
    s3.put_bucket_policy(Bucket="pictures", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    with urllib.request.urlopen(address) as answer:
        assert answer.read() == b"hello"
    presigned = s3.generate_presigned_url("get_object", Params={"Bucket": "pictures", "Key": "open/a.txt"})
    with urllib.request.urlopen(presigned) as answer:
        assert answer.read() == b"hello"


def test_a_user_who_may_decrypt_with_one_key_need_not_name_it(account: LocalAccount, code_of: Callable[..., str]) -> None:
    """KMS API reference, Decrypt: ``KeyId`` is optional for symmetric keys, for the ciphertext says which key it is."""
    kms, iam = account.client("kms"), account.client("iam")
    ours, theirs = (kms.create_key()["KeyMetadata"] for _ in range(2))
    kms.create_alias(AliasName="alias/ours", TargetKeyId=ours["KeyId"])
    texts = [kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x")["CiphertextBlob"] for key in (ours, theirs)]
    iam.create_user(UserName="reader")
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    may = {"Effect": "Allow", "Action": ["kms:Decrypt", "kms:Encrypt"], "Resource": ours["Arn"]}
    document = {"Version": "2012-10-17", "Statement": [may]}
    iam.put_user_policy(UserName="reader", PolicyName="p", PolicyDocument=json.dumps(document))
    reader = account.client("kms", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    assert reader.decrypt(CiphertextBlob=texts[0])["Plaintext"] == b"x"
    assert reader.encrypt(KeyId="alias/ours", Plaintext=b"y")["KeyId"] == ours["Arn"]
    assert code_of(lambda: reader.decrypt(CiphertextBlob=texts[1])) == "AccessDeniedException"
