"""Where a package comes from: bytes in the call or an S3 object; and what AWS says when neither will do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sandbox import facts
from sandbox.errors import AwsError
from sandbox.functions import refusals
from sandbox.functions.function import Code, LayerRef
from sandbox.functions.region import Region
from sandbox.functions.registry import Registry


def check_request_size(operation: str, params: Mapping[str, Any], archive: bytes | None) -> None:
    """The call as it travelled: its JSON with the archive in base64. Recorded: 413 RequestEntityTooLargeException."""
    if not archive:
        return
    most, zipped = facts.limit("create_request_bytes"), facts.limit("zip_upload_bytes")
    rest = json.dumps(params, default=lambda value: "" if isinstance(value, bytes) else str(value))
    if (len(archive) + 2) // 3 * 4 + len(rest) > most:
        raise refusals.too_large(f"Request must be smaller than {most} bytes for the {operation} operation")
    if len(archive) > zipped:
        raise refusals.too_large(f"Zipped size must be smaller than {zipped} bytes")


def obtain(registry: Registry, account_id: str, source: Mapping[str, Any]) -> Code:
    """The validated package ``source`` (members of FunctionCode) describes; ``account_id`` is whose S3 rights are used."""
    for member in ("ImageUri", "SourceKMSKeyArn"):
        if source.get(member):
            raise refusals.unsupported(f"Code.{member}")
    if source.get("S3ObjectStorageMode") == "REFERENCE":
        raise refusals.unsupported("S3ObjectStorageMode REFERENCE")
    archive, bucket, key = source.get("ZipFile"), source.get("S3Bucket"), source.get("S3Key")
    if archive is not None and (bucket or key):
        raise refusals.invalid("Please do not provide other FunctionCode parameters when providing a ZipFile.")
    if archive is not None:
        return registry.read_package(archive)
    if not (bucket and key):
        raise refusals.invalid("Please provide a source for function code.")
    return registry.read_package(_from_s3(registry, account_id, bucket, key, source.get("S3ObjectVersion") or ""))


def check_storage(region: Region, *codes: Code) -> None:
    if region.code_bytes() + sum(code.size for code in codes) > facts.limit("code_storage_bytes"):
        raise AwsError("CodeStorageExceededException", "Code storage limit exceeded.", 400, fields={"Type": "User"})


def check_unzipped(code: Code, layers: tuple[LayerRef, ...]) -> None:
    """Package and layers share one limit (fact Q-12)."""
    most = facts.limit("unzipped_bytes")
    actual = code.unzipped_bytes + sum(layer.code.unzipped_bytes for layer in layers)
    if actual > most:
        raise refusals.invalid(
            f"Function code combined with layers exceeds the maximum allowed size of {most} bytes. "
            f"The actual size is {actual} bytes."
        )


def _from_s3(registry: Registry, account_id: str, bucket: str, key: str, version: str) -> bytes:
    try:
        return registry.fetch_s3(account_id, bucket, key, version)
    except AwsError as error:
        detail = f"S3 Error Code: {error.code}. S3 Error Message: {error.message}"
        if error.code in {"AccessDenied", "AccessDeniedException"}:
            raise refusals.access_denied(
                "Your access has been denied by S3, please make sure your request credentials have permission to GetObject "
                f"for {bucket}/{key}. {detail}"
            ) from error
        raise refusals.invalid(f"Error occurred while GetObject. {detail}") from error
