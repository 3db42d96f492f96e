"""AWS Signer for Lambda packages: signing jobs, their signatures and revocation; moto keeps the profiles.

A signed package is the package and one more file under ``META-INF``, as on AWS. What stands in it is ours: the job's id. The
account remembers what each job signed, so that nobody can make a signature by writing the file.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.clock import Clock
from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.delivery.errand import Errand, Messenger, Outcome
from sandbox.errors import AwsError
from sandbox.functions.code_signing import Signature
from sandbox.http_message import HttpRequest
from sandbox.iam.principal import Principal

_FILE = "META-INF/aws_signer_signature_v1.0.SF"
_PLATFORM = "AWSLambda-SHA384-ECDSA"
_DAYS = {"DAYS": 1, "MONTHS": 30, "YEARS": 365}
_DAY_S = 86_400.0
Row = dict[str, Any]
FetchS3 = Callable[[str, str, str, str], bytes]
"""Account, bucket, key and version: the object."""


@dataclass(slots=True)
class _Job:
    shown: Row
    profile_version_arn: str
    made: float
    expires: float
    digest: str = ""
    revoked: bool = False


class Signer:
    def __init__(self, services: Services, messenger: Messenger, clock: Clock, fetch_s3: FetchS3) -> None:
        self._services = services
        self._messenger = messenger
        self._clock = clock
        self._fetch_s3 = fetch_s3
        self._jobs: dict[str, _Job] = {}
        self._revoked_from: dict[str, float] = {}  # profile version ARN: signatures made since are void
        for operation, handler in (
            ("StartSigningJob", self._start),
            ("DescribeSigningJob", self._describe),
            ("ListSigningJobs", self._list),
            ("RevokeSignature", self._revoke),
            ("RevokeSigningProfile", self._revoke_profile),
        ):
            services.override("signer", operation, handler)
        services.before.setdefault("signer", []).append(self._known)

    def clear(self) -> None:
        self._jobs.clear()
        self._revoked_from.clear()

    def signature_of(self, archive: bytes) -> Signature | None:
        """None for a package that carries no signature."""
        with zipfile.ZipFile(io.BytesIO(archive)) as package:
            if _FILE not in package.namelist():
                return None
            try:
                job = self._jobs.get(str(json.loads(package.read(_FILE))["jobId"]))
            except (ValueError, KeyError, TypeError):
                job = None
            intact = job is not None and job.digest == _digest(package)
        if job is None:
            return Signature("", intact=False)
        void = job.revoked or job.made >= self._revoked_from.get(job.profile_version_arn, float("inf"))
        return Signature(job.profile_version_arn, intact, job.expires <= self._clock.now(), void)

    def _known(self, call: ParsedCall, account_id: str, region: str) -> None:
        if call.operation in ("GetSigningProfile", "CancelSigningProfile", "RevokeSigningProfile", "StartSigningJob"):
            self._profile(str(call.params["profileName"]), account_id, region)

    def _profile(self, name: str, account_id: str, region: str) -> Any:
        with self._services.world.entered():
            found = self._services.world.backend("signer", account_id, region).signing_profiles.get(name)
        if found is None:
            raise AwsError("ResourceNotFoundException", f"Signing profile {name} not found.", 404)
        return found

    def _start(self, call: ParsedCall, _request: HttpRequest, account_id: str, region: str, principal: Principal | None) -> Row:
        profile = self._profile(str(call.params["profileName"]), account_id, region)
        if profile.platform_id != _PLATFORM:
            raise AwsError("NotImplemented", f"Signing for {profile.platform_id} is not supported by this account", 501)
        if profile.status != "Active":
            raise AwsError("ValidationException", f"Signing profile {profile.name} is {profile.status}.")
        source, target = call.params["source"]["s3"], call.params["destination"]["s3"]
        identifier, now = self._services.world.ids.uuid(), self._clock.now()
        validity = profile.signature_validity_period
        expires = now + int(validity["value"]) * _DAYS[str(validity["type"])] * _DAY_S
        key = f"{target.get('prefix') or ''}{identifier}.zip"
        job = _Job(
            {
                "jobId": identifier,
                "source": {"s3": source},
                "platformId": profile.platform_id,
                "profileName": profile.name,
                "profileVersion": profile.profile_version,
                "createdAt": self._clock.datetime(),
                "requestedBy": principal.arn if principal else "",
                "status": "InProgress",
                "jobOwner": account_id,
            },
            profile.profile_version_arn,
            now,
            expires,
        )
        self._jobs[identifier] = job

        def read(outcome: Outcome) -> None:
            if isinstance(outcome, AwsError):
                job.shown |= {"status": "Failed", "statusReason": outcome.message}
                return
            job.shown |= {"status": "Succeeded", "completedAt": self._clock.datetime()}
            job.shown |= {"signedObject": {"s3": {"bucketName": target["bucketName"], "key": key}}}

        if principal is not None:
            self._sign(job, principal, source, {"Bucket": str(target["bucketName"]), "Key": key}, (account_id, region), read)
        return {"jobId": identifier, "jobOwner": account_id}

    def _sign(self, job: _Job, principal: Principal, source: Row, target: Row, place: tuple[str, str], done: Any) -> None:
        """With the caller's rights, through the gate: HeadObject asks for the same right as GetObject."""

        def got(outcome: Outcome) -> None:
            if isinstance(outcome, AwsError):
                done(outcome)
                return
            try:
                data = self._fetch_s3(place[0], wanted["Bucket"], wanted["Key"], str(wanted.get("VersionId", "")))
                signed, job.digest = _signed(data, str(job.shown["jobId"]))
            except zipfile.BadZipFile:
                done(AwsError("ValidationException", "The source object is no zip archive."))
                return
            self._messenger.send(Errand(principal, "s3", "PutObject", {**target, "Body": signed}, *place), done)

        wanted = {"Bucket": source["bucketName"], "Key": source["key"]}
        wanted |= {"VersionId": source["version"]} if source.get("version") not in (None, "", "null") else {}
        self._messenger.send(Errand(principal, "s3", "HeadObject", wanted, *place), got)

    def _job(self, call: ParsedCall) -> _Job:
        job = self._jobs.get(str(call.params["jobId"]))
        if job is None:
            raise AwsError("ResourceNotFoundException", f"Signing job {call.params['jobId']} not found.", 404)
        return job

    def _describe(self, call: ParsedCall, _request: HttpRequest, _account: str, _region: str, _who: Principal | None) -> Row:
        return self._job(call).shown

    def _list(self, call: ParsedCall, _request: HttpRequest, account_id: str, _region: str, _who: Principal | None) -> Row:
        wanted = call.params.get("status")
        rows = [job.shown for job in self._jobs.values() if job.shown["jobOwner"] == account_id]
        return {"jobs": [row for row in rows if not wanted or row["status"] == wanted]}

    def _revoke(self, call: ParsedCall, _request: HttpRequest, _account: str, _region: str, _who: Principal | None) -> Row:
        self._job(call).revoked = True
        return {}

    def _revoke_profile(
        self, call: ParsedCall, _request: HttpRequest, account_id: str, region: str, _who: Principal | None
    ) -> Row:
        profile = self._profile(str(call.params["profileName"]), account_id, region)
        arn = f"{profile.arn}/{call.params['profileVersion']}"
        self._revoked_from[arn] = call.params["effectiveTime"].timestamp()
        return {}


def _signed(archive: bytes, job_id: str) -> tuple[bytes, str]:
    """The package with its signature, and the digest of what was signed."""
    buffer = io.BytesIO(archive)
    if not zipfile.is_zipfile(buffer):
        raise zipfile.BadZipFile
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as package:
        digest = _digest(package)
        package.writestr(zipfile.ZipInfo(_FILE, (2020, 1, 1, 0, 0, 0)), json.dumps({"jobId": job_id}))
    return buffer.getvalue(), digest


def _digest(package: zipfile.ZipFile) -> str:
    """Of names and contents, so that packing again is no change."""
    whole = hashlib.sha384()
    for name in sorted(package.namelist()):
        if name != _FILE:
            whole.update(json.dumps([name, hashlib.sha384(package.read(name)).hexdigest()]).encode())
    return whole.hexdigest()
