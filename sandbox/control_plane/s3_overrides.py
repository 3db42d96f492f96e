"""S3 where moto takes anything: a bucket policy must be a policy."""

from __future__ import annotations

import json
from typing import Any

from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest
from sandbox.iam.principal import Principal


def put_bucket_policy(
    call: ParsedCall, _request: HttpRequest, _account_id: str, _region: str, _principal: Principal | None
) -> dict[str, Any] | None:
    """S3's wording (S3 error responses, "MalformedPolicy"); a sound document goes on to moto."""
    try:
        document = json.loads(call.params.get("Policy", ""))
    except ValueError as error:
        raise AwsError("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'") from error
    if not isinstance(document, dict):
        raise AwsError("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'")
    if not document.get("Statement"):
        raise AwsError("MalformedPolicy", "Missing required field Statement")
    return None


def install(services: Services) -> None:
    services.override("s3", "PutBucketPolicy", put_bucket_policy)
