"""Signature Version 4, verified (AWS General Reference, "Create a signed AWS API request").

Borders: the signatures of the single chunks of a ``STREAMING-*`` body are not checked (the seed signature is), and a request is
fresh when either the wall clock or the account's clock says so, because in virtual time a client still signs by its own clock.
"""

from __future__ import annotations

import hashlib
import hmac
from calendar import timegm
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol
from urllib.parse import quote, unquote

from sandbox.control_plane.wire import path_style
from sandbox.front_door import presigned_v2
from sandbox.front_door import signature_errors as errors
from sandbox.front_door.claim import Claim
from sandbox.front_door.regions import REGIONS
from sandbox.http_message import HttpRequest
from sandbox.iam.principal import Principal

_SKEW_S = 300
_SKEW_S3_S = 900
_KEYS_MAX = 512
_HEX_SHA256_LENGTH = 64
_EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()


class Credential(Protocol):
    """What the signature check needs of ``control_plane.identities.Credential``."""

    @property
    def secret_access_key(self) -> str: ...

    @property
    def session_token(self) -> str: ...

    @property
    def principal(self) -> Principal: ...

    @property
    def expires_at(self) -> float: ...  # epoch seconds, 0 for never


class Signatures:
    """``find`` looks a key up; ``wall`` and ``account`` tell the two times; ``presign`` bounds and skews follow AWS's.

    ``skew`` tells by how many seconds the clock of a caller (service, ARN) is off on purpose.
    """

    def __init__(
        self,
        find: Callable[[str], Credential | None],
        wall: Callable[[], float],
        account: Callable[[], float],
        skew: Callable[[str, str], float] | None = None,
    ) -> None:
        self._find = find
        self._wall = wall
        self._account = account
        self._skew = skew
        self._keys: dict[tuple[str, str, str, str], bytes] = {}

    def verify(self, claim: Claim, request: HttpRequest) -> Principal:
        """The principal behind the claim; AwsError in the words of the claimed service otherwise."""
        credential = self._find(claim.access_key_id)
        if credential is None:
            raise errors.unknown_key(errors.family_of(claim.service, request), claim.access_key_id)
        if claim.region not in REGIONS and claim.region != "aws-global":
            raise errors.wrong_region(errors.family_of(claim.service, request), claim.region)
        if claim.version == 2:
            self._check_expiry(claim)
            expected = presigned_v2.signature(request, path_style(request).path, claim.amz_date, credential.secret_access_key)
        else:
            self._check_time(claim, request, self._injected_skew(claim, credential))
            expected = self._signature(claim, request, credential.secret_access_key)
        if not hmac.compare_digest(expected.encode(), claim.signature.encode("utf-8", "replace")):
            raise errors.mismatch(errors.family_of(claim.service, request), claim.access_key_id)
        token = credential.session_token or ""
        if not hmac.compare_digest(token.encode(), claim.token.encode("utf-8", "replace")):
            raise errors.bad_token(errors.family_of(claim.service, request))
        if credential.expires_at and credential.expires_at <= self._account():
            raise errors.expired_token(errors.family_of(claim.service, request))
        return credential.principal

    def _injected_skew(self, claim: Claim, credential: Credential) -> float:
        """A presigned URL was dated by whoever made it, not by who uses it."""
        return self._skew(claim.service, credential.principal.arn) if self._skew is not None and not claim.presigned else 0.0

    def _check_time(self, claim: Claim, request: HttpRequest, skew_s: float) -> None:
        signed = _epoch(claim.amz_date)
        if signed is None or not claim.amz_date.startswith(claim.date):
            what = f"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: {claim.amz_date}"
            raise errors.malformed(errors.family_of(claim.service, request), what)
        window = _SKEW_S3_S if claim.service == "s3" else _SKEW_S
        wall = self._wall()
        late = window if claim.expires_s is None else claim.expires_s
        if skew_s:  # as if the caller had signed by a clock of its own
            signed = int(wall + skew_s)
        if -window <= wall - signed <= late:
            return
        if not skew_s and -window <= self._account() - signed <= late:
            return
        family = errors.family_of(claim.service, request)
        if claim.expires_s is not None and wall > signed:
            raise errors.presign_expired(family, _iso(signed + claim.expires_s), _iso(wall))
        early = signed > wall
        limit = wall + window if early else wall - window
        raise errors.skewed(family, _iso(signed), _iso(wall), _iso(limit), early, window // 60)

    def _check_expiry(self, claim: Claim) -> None:
        expires = int(claim.amz_date)
        if expires < self._wall() and expires < self._account():
            raise errors.presign_expired("s3", _iso(expires), _iso(self._wall()))

    def _signature(self, claim: Claim, request: HttpRequest, secret: str) -> str:
        folded = request.folded()
        lines = [f"{name}:{' '.join(folded.get(name, '').split())}\n" for name in claim.signed_headers.split(";")]
        path = (request.path or "/") if claim.service == "s3" else _double_encoded(request.path)
        query = _canonical_query(request.query, claim.presigned) if request.query else ""
        canonical = "\n".join(
            (request.method, path, query, "".join(lines), claim.signed_headers, self._payload_hash(claim, request, folded))
        )
        digest = hashlib.sha256(canonical.encode("latin-1", "replace")).hexdigest()
        scope = f"{claim.date}/{claim.region}/{claim.service}/aws4_request"
        text = f"AWS4-HMAC-SHA256\n{claim.amz_date}\n{scope}\n{digest}"
        return hmac.digest(self._key(secret, claim), text.encode(), "sha256").hex()

    def _payload_hash(self, claim: Claim, request: HttpRequest, folded: dict[str, str]) -> str:
        declared = folded.get("x-amz-content-sha256")
        if claim.presigned and claim.service == "s3":
            return declared or "UNSIGNED-PAYLOAD"
        if declared is not None and len(declared) != _HEX_SHA256_LENGTH:
            return declared
        actual = hashlib.sha256(request.body).hexdigest() if request.body else _EMPTY_SHA256
        if declared is not None and declared != actual:
            raise errors.payload_mismatch(errors.family_of(claim.service, request))
        return actual

    def _key(self, secret: str, claim: Claim) -> bytes:
        name = (secret, claim.date, claim.region, claim.service)
        key = self._keys.get(name)
        if key is None:
            key = f"AWS4{secret}".encode()
            for part in (claim.date, claim.region, claim.service, "aws4_request"):
                key = hmac.digest(key, part.encode("latin-1", "replace"), "sha256")
            if len(self._keys) >= _KEYS_MAX:
                self._keys.clear()
            self._keys[name] = key
        return key


@lru_cache(maxsize=1024)
def _double_encoded(path: str) -> str:
    """Every service but S3 signs the path normalised and percent-encoded once more."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            if kept:
                kept.pop()
        elif segment and segment != ".":
            kept.append(segment)
    normal = "/" + "/".join(kept) + ("/" if path.endswith("/") and kept else "")
    return quote(normal, safe="/-_.~")


def _canonical_query(query: str, presigned: bool) -> str:
    pairs = []
    for part in query.split("&"):
        if not part:
            continue
        name, _, value = part.partition("=")
        if presigned and name == "X-Amz-Signature":
            continue
        pairs.append((quote(unquote(name), safe="-_.~"), quote(unquote(value), safe="-_.~")))
    pairs.sort()
    return "&".join(f"{name}={value}" for name, value in pairs)


@lru_cache(maxsize=64)
def _epoch(amz_date: str) -> int | None:
    """``20261120T120000Z`` as epoch seconds."""
    try:
        return timegm(datetime.strptime(amz_date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).utctimetuple())
    except ValueError:
        return None


def _iso(epoch: float) -> str:
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y%m%dT%H%M%SZ")
