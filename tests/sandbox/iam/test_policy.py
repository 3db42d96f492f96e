from __future__ import annotations

import json

import pytest

from sandbox.errors import AwsError
from sandbox.iam import policy

ROW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}


def refused(document, kind: policy.Kind = "managed", **more) -> str:
    text = document if isinstance(document, str) else json.dumps(document)
    with pytest.raises(AwsError) as caught:
        policy.parse(text, kind, **more)
    assert caught.value.code in ("MalformedPolicyDocument", "LimitExceeded", "ValidationError")
    return caught.value.message or ""


def whole(*rows, **more):
    return {"Version": "2012-10-17", "Statement": list(rows), **more}


def test_a_sound_policy_comes_back_parsed() -> None:
    assert policy.parse(json.dumps(whole(ROW)), "managed") == whole(ROW)
    assert policy.parse(json.dumps(whole(TRUST)), "trust") == whole(TRUST)


@pytest.mark.parametrize(
    "document",
    [
        "not json",
        "[]",
        "[" * 6_000,
        {"Version": "2012-10-17"},
        whole(),
        whole(ROW, Surprise=1),
        whole({**ROW, "Surprise": 1}),
        whole({**ROW, "Effect": "Maybe"}),
        whole({**ROW, "NotAction": "s3:*"}),
        whole({**ROW, "Resource": {"a": 1}}),
        whole({**ROW, "Condition": {"NoSuch": {"a": "b"}}}),
        whole({**ROW, "Condition": {"StringEquals": "a"}}),
        whole({**ROW, "Sid": 3}),
        whole(7),
        {"Version": "2013-10-17", "Statement": ROW},
    ],
)
def test_what_is_no_policy_is_a_syntax_error(document) -> None:
    assert refused(document) == "Syntax errors in policy."


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({**ROW, "Effect": "allow"}, "The policy failed legacy parsing"),
        ({**ROW, "Condition": {"DateLessThan": {"aws:CurrentTime": "soon"}}}, "The policy failed legacy parsing"),
        ({"Effect": "Allow", "Resource": "*"}, "Policy statement must contain actions."),
        ({"Effect": "Allow", "Action": "s3:GetObject"}, "Policy statement must contain resources."),
        ({**ROW, "Resource": []}, "Policy statement must contain resources."),
        ({**ROW, "Resource": "my-bucket"}, 'Resource my-bucket must be in ARN format or "*".'),
        ({**ROW, "Resource": "arn:aws"}, "Resource vendor must be fully qualified and cannot contain regexes."),
        ({**ROW, "Resource": "arn:aws:s*:::b"}, "Resource vendor must be fully qualified and cannot contain regexes."),
        (
            {**ROW, "Resource": "arn:nope:s3:::b"},
            'Partition "nope" is not valid for resource "arn:nope:s3:::b".',
        ),
        ({**ROW, "Resource": "arn:aws:s3:us-east-1::b"}, "Resource arn:aws:s3:us-east-1::b can not contain region information."),
        (
            {**ROW, "Resource": "arn:aws:iam:us-east-1:1:role/x"},
            "IAM resource arn:aws:iam:us-east-1:1:role/x cannot contain region information.",
        ),
        ({**ROW, "Action": "GetObject"}, "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."),
        ({**ROW, "Action": "s3:Get:Object"}, "Actions/Condition can contain only one colon."),
        ({**ROW, "Action": "s3_x:Get"}, "Vendor s3_x is not valid"),
        ({**ROW, "Principal": "*"}, "Policy document should not specify a principal."),
    ],
)
def test_each_fault_is_told_in_iams_words(row, message) -> None:
    assert refused(whole(row)) == message


def test_an_iam_resource_needs_a_path() -> None:
    assert refused(whole({**ROW, "Resource": "arn:aws:iam::1:nobody"})).startswith(
        'IAM resource path must either be "*" or start with user/'
    )


def test_an_old_version_is_refused_for_identities_and_fine_for_resources() -> None:
    old = {"Version": "2008-10-17", "Statement": ROW}
    assert refused(old) == "Policy document must be version 2012-10-17 or greater."
    policy.validate({"Version": "2008-10-17", "Statement": {**ROW, "Principal": "*"}}, "resource")


def test_sids_are_unique() -> None:
    assert refused(whole({**ROW, "Sid": "a"}, {**ROW, "Sid": "a"})) == "Statement IDs (SID) in a single policy must be unique."


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({**TRUST, "Resource": "*"}, "Has prohibited field Resource"),
        ({**TRUST, "Action": "s3:GetObject"}, "AssumeRole policy may only specify STS AssumeRole actions."),
        ({"Effect": "Allow", "Action": "sts:AssumeRole"}, "Missing required field Principal"),
    ],
)
def test_trust_policies_have_their_own_rules(row, message) -> None:
    assert refused(whole(row), "trust") == message


def test_a_trust_policy_that_is_no_json_is_told_so() -> None:
    assert refused("{", "trust") == "This policy contains invalid Json"


@pytest.mark.parametrize(
    ("kind", "most", "message"),
    [
        ("managed", 6144, "Cannot exceed quota for PolicySize: 6144"),
        ("trust", 2048, "Cannot exceed quota for ACLSizePerRole: 2048"),
        ("role", 10240, "Maximum policy size of 10240 bytes exceeded for role app"),
        ("user", 2048, "Maximum policy size of 2048 bytes exceeded for user app"),
    ],
)
def test_sizes_are_bounded_without_white_space(kind: policy.Kind, most: int, message: str) -> None:
    policy.check_size("x" * most + " \n" * 9000, kind, holder="app")
    assert refused("x" * (most + 1), kind, holder="app") == message


def test_inline_policies_of_one_holder_count_together() -> None:
    with pytest.raises(AwsError, match="Maximum policy size of 10240 bytes exceeded for role app"):
        policy.check_size("x" * 241, "role", holder="app", others_chars=10_000)
