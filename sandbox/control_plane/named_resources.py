"""What the operation map asks of the account's state: the ARN, key or owner behind a name that a request gives.

An empty string means that nothing of that name is there. Kinds are listed at ``sandbox.iam.operations.call_site.CallSite``.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable
from typing import Any

from sandbox.arn import Arn
from sandbox.control_plane.resource_policies import bucket_owner, secret_arn
from sandbox.control_plane.world import World

_KEY_ID_BYTES = 36  # moto's ciphertext begins with the id of its key (moto.kms.utils.CIPHERTEXT_HEADER_FORMAT)

_Reader = Callable[[World, str, str, str], str]


def find(world: World, account_id: str, region: str, kind: str, name: str) -> str:
    """``account_id`` and ``region`` are those the request is answered in."""
    reader = _READERS.get(kind)
    if reader is None or not world.known(kind.partition(":")[0]):
        return ""
    with world.entered():
        return reader(world, account_id, region, name)


def _owner(world: World, _account_id: str, _region: str, bucket: str) -> str:
    return bucket_owner(world, bucket)


def _secret(world: World, _account_id: str, _region: str, bare: str) -> str:
    return secret_arn(world, bare)


def _alias(world: World, account_id: str, region: str, alias: str) -> str:
    """An alias's ARN may be another account's, where the same name means another key."""
    if alias.startswith("arn:"):
        arn = Arn.parse(alias)
        account_id, region, alias = arn.account, arn.region, arn.resource
    keys = world.backend("kms", account_id, region).keys.values()
    return _first(key.arn for key in keys if alias in key.aliases)


def _ciphertext(world: World, _account_id: str, region: str, text: str) -> str:
    """Symmetric ciphertext names its key, whosever it is, so that ``Decrypt`` needs no ``KeyId`` (KMS API reference, Decrypt)."""
    try:
        key_id = base64.b64decode(text, validate=True)[:_KEY_ID_BYTES].decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    accounts = [regions[region] for regions in dict(world.backends("kms")).values() if region in dict(regions)]
    return _first(backend.keys[key_id].arn for backend in accounts if key_id in backend.keys)


def _hash_key(world: World, _account_id: str, _region: str, table_arn: str) -> str:
    arn = Arn.parse(table_arn)
    table = world.backend("dynamodb", arn.account, arn.region).tables.get(arn.resource.removeprefix("table/"))
    return str(table.hash_key_attr) if table is not None else ""


def _vpc(world: World, account_id: str, region: str, subnet_id: str) -> str:
    zones = world.backend("ec2", account_id, region).subnets.values()
    return _first(zone[subnet_id].vpc_id for zone in zones if subnet_id in zone)


def _entity(collection: str) -> _Reader:
    """The ARN, with its path, of a role, user, group or instance profile."""

    def read(world: World, account_id: str, _region: str, name: str) -> str:
        rows = getattr(world.backend("iam", account_id), collection).values()
        return _first(row.arn for row in rows if row.name == name)

    return read


def _boundary(world: World, account_id: str, _region: str, arn: str) -> str:
    iam = world.backend("iam", account_id)
    rows = (row for collection in (iam.roles, iam.users) for row in collection.values() if row.arn == arn)
    boundary = getattr(next(rows, None), "permissions_boundary_arn", None)
    return str(boundary or "")


def _first(found: Iterable[Any]) -> str:
    return str(next(iter(found), ""))


_READERS: dict[str, _Reader] = {
    "dynamodb:hash-key": _hash_key,
    "ec2:vpc": _vpc,
    "iam:boundary": _boundary,
    "iam:group": _entity("groups"),
    "iam:instance-profile": _entity("instance_profiles"),
    "iam:role": _entity("roles"),
    "iam:user": _entity("users"),
    "kms:alias": _alias,
    "kms:ciphertext": _ciphertext,
    "s3:owner": _owner,
    "secretsmanager:secret": _secret,
}
