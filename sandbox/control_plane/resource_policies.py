"""The policies that resources carry themselves, read out of moto for the gate. Lambda's come from the registry instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.arn import Arn
from sandbox.control_plane.attached_policies import parse_document
from sandbox.control_plane.world import World
from sandbox.iam.principal import NamedPolicy

_Reader = Callable[[World, Arn, str], Any]


def policy_of(world: World, arn: str) -> NamedPolicy | None:
    """The policy of a bucket, queue, topic, key, secret, table, stream, event bus or repository; None when it has none.

    An S3 object's ARN gives its bucket's policy, a table index's its table's.
    """
    try:
        parsed = Arn.parse(arn)
    except ValueError:
        return None
    reader = _READERS.get(parsed.service)
    if reader is None or not world.known(parsed.service):
        return None
    with world.entered():
        document = reader(world, parsed, arn)
    return NamedPolicy(f"policy of {arn}", parse_document(document)) if document else None


def _bucket(world: World, arn: Arn, _text: str) -> Any:
    name = arn.resource.split("/", 1)[0]
    holder = world.backends("s3")
    account_id = holder.bucket_accounts.get(name, ("", ""))[1]
    bucket = holder[account_id]["aws"].buckets.get(name) if account_id else None
    return bucket.policy if bucket is not None else None


def secret_arn(world: World, bare: str) -> str:
    """The whole ARN of a secret whose ARN is given without its six characters; empty when there is no such secret."""
    if not world.known("secretsmanager"):
        return ""
    arn = Arn.parse(bare)
    with world.entered():
        secrets = world.backend("secretsmanager", arn.account, arn.region).secrets
        found = [str(row.arn) for row in dict.values(secrets) if str(row.arn)[: -len("-AbCdEf")] == bare]
    return found[0] if found else ""


def bucket_owner(world: World, bucket: str) -> str:
    """The account that owns a bucket, whose ARN does not say; empty when there is no such bucket."""
    if not world.known("s3"):
        return ""
    with world.entered():
        return str(world.backends("s3").bucket_accounts.get(bucket, ("", ""))[1])


def _queue(world: World, arn: Arn, _text: str) -> Any:
    queue = world.backend("sqs", arn.account, arn.region).queues.get(arn.resource)
    return queue.policy if queue is not None else None


def _topic(world: World, arn: Arn, text: str) -> Any:
    topic = world.backend("sns", arn.account, arn.region).topics.get(text)
    return topic.policy if topic is not None else None


def _key(world: World, arn: Arn, _text: str) -> Any:
    key = world.backend("kms", arn.account, arn.region).keys.get(arn.resource.removeprefix("key/"))
    return key.policy if key is not None else None


def _secret(world: World, arn: Arn, text: str) -> Any:
    secrets = world.backend("secretsmanager", arn.account, arn.region).secrets
    secret = next((row for row in dict.values(secrets) if row.arn == text), None)
    return getattr(secret, "policy", None) if secret is not None else None


def _table(world: World, arn: Arn, text: str) -> Any:
    """A stream has a policy of its own; an index has its table's."""
    policies = world.backend("dynamodb", arn.account, arn.region).resource_policies
    own = text if "/stream/" in text else text.split("/index/", 1)[0]
    found = policies.get(own)
    return found.policy_doc if found is not None else None


def _bus(world: World, arn: Arn, _text: str) -> Any:
    bus = world.backend("events", arn.account, arn.region).event_buses.get(arn.resource.removeprefix("event-bus/"))
    return bus.policy if bus is not None else None


def _stream(world: World, arn: Arn, text: str) -> Any:
    return getattr(world.backend("kinesis", arn.account, arn.region), "resource_policies", {}).get(text)


def _repository(world: World, arn: Arn, _text: str) -> Any:
    repository = world.backend("ecr", arn.account, arn.region).repositories.get(arn.resource.removeprefix("repository/"))
    return repository.policy if repository is not None else None


def _logs(world: World, arn: Arn, text: str) -> Any:
    """A destination's own policy; a log group has all of the account's (PutResourcePolicy), which name their resources."""
    backend = world.backend("logs", arn.account, arn.region)
    if arn.resource.startswith("log-group:"):
        documents = [parse_document(row.policy_document).get("Statement", []) for row in backend.resource_policies.values()]
        statements = [each for found in documents for each in (found if isinstance(found, list) else [found])]
        return {"Version": "2012-10-17", "Statement": statements} if statements else None
    destinations = backend.destinations.values()
    return next((row.access_policy for row in destinations if row.arn == text), None)


_READERS: dict[str, _Reader] = {
    "s3": _bucket,
    "sqs": _queue,
    "sns": _topic,
    "kms": _key,
    "secretsmanager": _secret,
    "dynamodb": _table,
    "events": _bus,
    "kinesis": _stream,
    "ecr": _repository,
    "logs": _logs,
}
