"""A KMS key that is disabled or waits for its deletion does no cryptography; moto's goes on. States are set by id or by ARN."""

from __future__ import annotations

import base64
import json

from sandbox.control_plane import named_resources
from sandbox.control_plane.services import Before
from sandbox.control_plane.wire import ParsedCall, native_request
from sandbox.control_plane.world import World
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest

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


def _name_by_id(call: ParsedCall) -> None:
    """KMS API reference, DisableKey and its kind: "Specify the key ID or key ARN of the KMS key"."""
    native, document = call.native, json.loads(call.native.data or b"{}")
    document["KeyId"] = str(document.get("KeyId", "")).rpartition("/")[2]
    headers = [(key, value) for key, value in native.headers.items() if key.lower() not in ("host", "content-length")]
    call.native = native_request("kms", HttpRequest(native.method, native.raw_path, "", headers, json.dumps(document).encode()))


def _check(world: World, account_id: str, region: str, name: str) -> None:
    alias = f"alias/{name.partition('alias/')[2]}"
    arn = named_resources.find(world, account_id, region, "kms:alias", alias) if "alias/" in name else name
    with world.entered():
        key = world.backend("kms", account_id, region).keys.get(arn.rpartition("/")[2])
    if key is None:
        return
    if key.key_state == "PendingDeletion":
        raise AwsError("KMSInvalidStateException", f"{key.arn} is pending deletion.")
    if not key.enabled:
        raise AwsError("DisabledException", f"{key.arn} is disabled.")
