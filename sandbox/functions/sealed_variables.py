"""Environment variables under a key of the customer's own (``KMSKeyArn``): who sees them.

Lambda guide, configuration-envvars ("Securing environment variables"): "users without Decrypt permissions can still manage
functions, but they can't view environment variables". AWS's answer then has ``Environment.Error`` (API reference,
EnvironmentResponse); its wording follows the one users report of Invoke.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sandbox.functions.caller import ApiCaller, Result

MayDecrypt = Callable[[ApiCaller, str], bool]
"""Whether a caller may use the key of this ARN for ``kms:Decrypt`` through Lambda."""

_DENIED = {
    "ErrorCode": "AccessDeniedException",
    "Message": (
        "Lambda was unable to decrypt your environment variables because the KMS access was denied. "
        "Please check your KMS permissions."
    ),
}


def anybody(_caller: ApiCaller, _key_arn: str) -> bool:
    """For a world without keys."""
    return True


def hide_variables(result: Result, caller: ApiCaller, may_decrypt: MayDecrypt) -> Result:
    """``result`` without what the caller may not see; a configuration stands at the top, under a name, or in a list."""
    for shown in _configurations(result):
        key = shown.get("KMSKeyArn")
        if key and "Environment" in shown and not may_decrypt(caller, str(key)):
            shown["Environment"] = {"Error": dict(_DENIED)}
    return result


def _configurations(result: Result) -> Iterator[dict[str, Any]]:
    yield result
    if isinstance(result.get("Configuration"), dict):
        yield result["Configuration"]
    for name in ("Functions", "Versions"):
        yield from result.get(name) or ()
