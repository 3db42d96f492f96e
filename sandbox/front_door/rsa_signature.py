"""RS256, RS384 and RS512 of a JWT by the standard library, for places without a crypto library: the page.

Verification only, so no secret is touched: the whole encoded message is made anew and compared (RFC 8017, RSASSA-PKCS1-v1_5).
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any, Final

_BITS_MIN: Final = 2048  # RFC 7518, 3.3: "A key of size 2048 bits or larger MUST be used"
_DIGESTS: Final = {  # RFC 8017, 9.2, note 1: DER of DigestInfo before the hash
    "RS256": ("sha256", "3031300d060960864801650304020105000420"),
    "RS384": ("sha384", "3041300d060960864801650304020205000430"),
    "RS512": ("sha512", "3051300d060960864801650304020305000440"),
}


def signed_claims(token: str, keys: dict[str, Any]) -> dict[str, Any] | None:
    """The claims of a token that one of the RSA ``keys`` (a JSON Web Key Set) has signed; None for any other token."""
    try:
        head, body, signature = token.split(".")
        header = json.loads(_bytes(head))
        method = _DIGESTS[header["alg"]]
        signed = f"{head}.{body}".encode()
        if any(_fits(row, header) and _holds(row, method, signed, _bytes(signature)) for row in keys.get("keys") or ()):
            claims = json.loads(_bytes(body))
            return claims if isinstance(claims, dict) else None
    except (ValueError, KeyError, TypeError):
        return None
    return None


def _fits(key: dict[str, Any], header: dict[str, Any]) -> bool:
    named = "kid" not in header or key.get("kid") == header["kid"]
    return named and key.get("kty") == "RSA" and key.get("alg", header["alg"]) == header["alg"] and key.get("use", "sig") == "sig"


def _holds(key: dict[str, Any], method: tuple[str, str], signed: bytes, signature: bytes) -> bool:
    modulus, exponent = (int.from_bytes(_bytes(key[name]), "big") for name in ("n", "e"))
    length = (modulus.bit_length() + 7) // 8
    number = int.from_bytes(signature, "big")
    if modulus.bit_length() < _BITS_MIN or len(signature) != length or number >= modulus:
        return False
    digest, prefix = method
    ending = bytes.fromhex(prefix) + hashlib.new(digest, signed).digest()
    expected = b"\x00\x01" + b"\xff" * (length - len(ending) - 3) + b"\x00" + ending
    return pow(number, exponent, modulus) == int.from_bytes(expected, "big")


def _bytes(text: str) -> bytes:
    if not set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"):
        raise ValueError("not base64url without padding")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
