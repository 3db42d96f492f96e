"""Local code of a template, zipped and replaced by its place in a bucket, as ``aws cloudformation package`` does.

AWS CLI reference, "cloudformation package": for these properties a local path is uploaded and replaced; an S3 address is left
alone. Only relative paths inside the submission are taken.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.errors import SubmissionError
from autograder.source_tree import SourceTree
from sandbox.deployment import template
from sandbox.errors import AwsError

TEMPLATE_NAMES = ("template.yaml", "template.yml", "template.json")
_MOMENT = (2020, 1, 1, 0, 0, 0)  # the same code gives the same bytes
_OBJECT = {"bucket": "S3Bucket", "key": "S3Key"}
_LOCATION = {"bucket": "Bucket", "key": "Key"}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a resource type names local code; ``spelling`` None writes ``s3://bucket/key``."""

    property: str
    spelling: Mapping[str, str] | None
    zipped: bool = True


_PLACES = {
    "AWS::Lambda::Function": _Place("Code", _OBJECT),
    "AWS::Lambda::LayerVersion": _Place("Content", _OBJECT),
    "AWS::Serverless::Function": _Place("CodeUri", None),
    "AWS::Serverless::LayerVersion": _Place("ContentUri", None),
    "AWS::Serverless::Api": _Place("DefinitionUri", None, zipped=False),
    "AWS::Serverless::HttpApi": _Place("DefinitionUri", None, zipped=False),
    "AWS::Serverless::StateMachine": _Place("DefinitionUri", _LOCATION, zipped=False),
}


@dataclass(frozen=True, slots=True)
class Packaged:
    """``uploads`` maps a key of the artifact bucket to its bytes."""

    template: dict[str, Any]
    uploads: Mapping[str, bytes]


def package(tree: SourceTree, bucket: str) -> Packaged:
    """SubmissionError says what is wrong with the template or a path in it."""
    name = next((name for name in TEMPLATE_NAMES if name in tree.files), TEMPLATE_NAMES[0])
    try:
        document = template.parse(tree.text(name))
    except AwsError as error:
        raise SubmissionError(f"{name}: {error.message}") from error
    except RecursionError as error:
        raise SubmissionError(f"{name} is nested too deeply") from error
    uploads: dict[str, bytes] = {}
    _globals(document, tree, bucket, uploads)
    resources = document.get("Resources")
    for resource in resources.values() if isinstance(resources, dict) else ():
        if not isinstance(resource, dict):
            continue
        place = _PLACES.get(str(resource.get("Type")))
        properties = resource.get("Properties")
        if place is not None and isinstance(properties, dict):
            _replace(properties, place, tree, bucket, uploads)
    return Packaged(document, uploads)


def _globals(document: dict[str, Any], tree: SourceTree, bucket: str, uploads: dict[str, bytes]) -> None:
    """SAM's ``Globals: Function: CodeUri`` is packaged too."""
    held = document.get("Globals")
    function = held.get("Function") if isinstance(held, dict) else None
    if isinstance(function, dict):
        _replace(function, _PLACES["AWS::Serverless::Function"], tree, bucket, uploads)


def _replace(properties: dict[str, Any], place: _Place, tree: SourceTree, bucket: str, uploads: dict[str, bytes]) -> None:
    path = properties.get(place.property)
    if not isinstance(path, str) or path.startswith("s3://"):
        return
    files = tree.below(path)
    data = _zip(files) if place.zipped and not _is_archive(path, files) else next(iter(files.values()))
    key = hashlib.sha256(data).hexdigest()[:32]
    uploads[key] = data
    if place.spelling is None:
        properties[place.property] = f"s3://{bucket}/{key}"
    else:
        properties[place.property] = {place.spelling["bucket"]: bucket, place.spelling["key"]: key}


def _is_archive(path: str, files: Mapping[str, bytes]) -> bool:
    return len(files) == 1 and path.endswith((".zip", ".jar")) and zipfile.is_zipfile(io.BytesIO(next(iter(files.values()))))


def _zip(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return buffer.getvalue()
