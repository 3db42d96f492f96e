"""Who of other accounts gets at buckets, keys and queues by the resource's own policy: asked for all it names, and strangers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from autograder.probes.invocation import ORDINARY, STRANGER, Guarded
from sandbox.iam.evaluate import evaluate
from sandbox.iam.principal import NamedPolicy, PolicySet, Principal, anonymous
from sandbox.iam.statement import statements_of, texts
from sandbox.iam.verdict import Check

_ASKED = {
    # kind: (action, what is put behind the resource's ARN)
    "s3": (("s3:GetObject", "/{place}"), ("s3:PutObject", "/{place}"), ("s3:DeleteObject", "/{place}"), ("s3:ListBucket", "")),
    "kms": (("kms:Decrypt", ""), ("kms:Encrypt", ""), ("kms:CreateGrant", ""), ("kms:PutKeyPolicy", "")),
    "sqs": (("sqs:SendMessage", ""), ("sqs:ReceiveMessage", ""), ("sqs:DeleteMessage", "")),
    "sns": (("sns:Publish", ""), ("sns:Subscribe", "")),
    "lambda": (("lambda:InvokeFunction", ""),),
}
_EVERYTHING = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


def read_buckets(clients: Any, buckets: list[str]) -> list[Guarded]:
    """Those of the buckets that have a policy."""
    found = []
    for bucket in buckets:
        try:
            policy = clients("s3").get_bucket_policy(Bucket=bucket)["Policy"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchBucketPolicy":
                raise
        else:
            found.append(Guarded("s3", f"arn:aws:s3:::{bucket}", NamedPolicy("the bucket itself", json.loads(policy))))
    return found


def read_keys(clients: Any, keys: list[str]) -> list[Guarded]:
    """Keys by id; each has a policy."""
    kms = clients("kms")
    return [
        Guarded(
            "kms",
            kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"],
            NamedPolicy("the key itself", json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])),
        )
        for key in keys
    ]


def outsiders(guarded: Guarded, account: str, places: tuple[str, ...] = ("anything",)) -> list[str]:
    """In words, each of another account, or of none, whom the policy lets in, and what for. ``places`` are keys of a bucket."""
    return [
        f"{words} ({action})"
        for words, principal in _asking(guarded, account)
        for action in dict.fromkeys(
            action
            for action, tail in _ASKED[guarded.kind]
            for arn in ([guarded.arn + tail.format(place=place) for place in places] if tail else [guarded.arn])
            if _let_in(principal, action, arn, guarded, account)
        )
    ]


def _let_in(principal: Principal, action: str, arn: str, guarded: Guarded, account: str) -> bool:
    """What their own account lets them is not ours to know: everything is assumed."""
    check = Check(action, arn, ORDINARY, account)
    return evaluate(principal, check, PolicySet((NamedPolicy("theirs", _EVERYTHING),)), guarded.policy).allowed


def _asking(guarded: Guarded, account: str) -> Iterator[tuple[str, Principal]]:
    yield "anybody without signing", anonymous()
    yield "any other account", _user(f"arn:aws:iam::{STRANGER}:user/somebody")
    for name in sorted({name for row in statements_of(guarded.policy.document) for name in _named(row)}):
        found = re.fullmatch(r"(?:arn:aws:(?:iam|sts)::)?(\d{12})(?::(.+))?", name)
        if found is None or found[1] in (account, STRANGER):
            continue
        who = f"arn:aws:iam::{found[1]}:user/somebody" if found[2] in (None, "root") else name
        yield f"the account {found[1]}", _user(who)


def _named(row: Any) -> list[str]:
    principal = row.get("Principal")
    return texts(principal.get("AWS")) if row.get("Effect") == "Allow" and isinstance(principal, dict) else []


def _user(arn: str) -> Principal:
    account, _, path = arn.partition("::")[2].partition(":")
    kind, _, name = path.partition("/")
    if kind == "user":
        return Principal(kind="user", account_id=account, arn=arn, user_name=name.rpartition("/")[2])
    return Principal(kind="role", account_id=account, arn=arn, role_arn=arn)
