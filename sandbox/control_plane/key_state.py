"""A KMS key that is disabled or waits for its deletion does no cryptography; moto's goes on. States are set by id or by ARN."""

from __future__ import annotations

import base64
import json

from sandbox.arn import Arn
from sandbox.control_plane import named_resources
from sandbox.control_plane.services import After, Before
from sandbox.control_plane.wire import ParsedCall, with_body
from sandbox.control_plane.world import World
from sandbox.errors import AwsError
from sandbox.http_message import HttpResponse

_USES = ("Encrypt", "Decrypt", "ReEncrypt", "GenerateDataKey", "GenerateMac", "VerifyMac", "Sign", "Verify")
_SET_BY_ID = ("EnableKey", "DisableKey", "ScheduleKeyDeletion", "CancelKeyDeletion")  # moto's know a key by its id alone
_NAMES = ("KeyId", "SourceKeyId", "DestinationKeyId")


def checked(world: World) -> Before:
    """A hook before KMS's calls (developer guide, "Key states of AWS KMS keys": DisabledException, KMSInvalidStateException)."""

    def check(call: ParsedCall, account_id: str, region: str) -> None:
        if call.operation in _SET_BY_ID and "KeyId" in call.params:
            _name_by_id(call)
        if not call.operation.startswith(_USES) or not world.known("kms"):
            return
        named = [str(call.params[name]) for name in _NAMES if call.params.get(name)]
        ciphertext = call.params.get("CiphertextBlob")
        if ciphertext:
            text = base64.b64encode(ciphertext).decode() if isinstance(ciphertext, bytes) else str(ciphertext)
            named.append(named_resources.find(world, account_id, region, "kms:ciphertext", text))
        for name in named:
            _check(world, account_id, region, name)

    return check


def named_by_arn(world: World) -> After:
    """A hook after them: ``KeyId`` is the key's ARN (KMS API reference, Schedule- and CancelKeyDeletion), not its id."""

    def name(call: ParsedCall, account_id: str, region: str, response: HttpResponse) -> None:
        if response.status >= 300 or call.operation not in ("ScheduleKeyDeletion", "CancelKeyDeletion"):
            return
        document = json.loads(response.body)
        with world.entered():
            document["KeyId"] = world.backend("kms", account_id, region).keys[document["KeyId"].rpartition("/")[2]].arn
        response.body = json.dumps(document).encode()

    return name


def refusal_of(world: World, key_arn: str) -> str:
    """The code of Lambda's error for a key that does not decrypt (Lambda API reference, Invoke); empty when it does."""
    where = Arn.parse(key_arn)
    with world.entered():
        key = world.backend("kms", where.account, where.region).keys.get(where.resource.removeprefix("key/"))
    if key is None:
        return "KMSNotFoundException"
    if key.key_state == "PendingDeletion":
        return "KMSInvalidStateException"
    return "" if key.enabled else "KMSDisabledException"


def _name_by_id(call: ParsedCall) -> None:
    """KMS API reference, DisableKey and its kind: "Specify the key ID or key ARN of the KMS key"."""
    document = json.loads(call.native.data or b"{}")
    document["KeyId"] = str(document.get("KeyId", "")).rpartition("/")[2]
    call.native = with_body(call, json.dumps(document).encode())


def _check(world: World, account_id: str, region: str, name: str) -> None:
    arn = named_resources.find(world, account_id, region, "kms:alias", name) if "alias/" in name else name
    with world.entered():
        key = world.backend("kms", account_id, region).keys.get(arn.rpartition("/")[2])
    if key is None:
        return
    if key.key_state == "PendingDeletion":
        raise AwsError("KMSInvalidStateException", f"{key.arn} is pending deletion.")
    if not key.enabled:
        raise AwsError("DisabledException", f"{key.arn} is disabled.")
