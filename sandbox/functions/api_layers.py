"""Layer operations."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from sandbox.functions import permissions, refusals
from sandbox.functions.caller import ApiCaller, Handler, Params, Result
from sandbox.functions.layers import Layer, LayerLocator, LayerVersion, locate_layer
from sandbox.functions.moments import millis
from sandbox.functions.package_source import check_request_size, check_storage, obtain
from sandbox.functions.paging import page
from sandbox.functions.registry import Registry

LayerLocation = Callable[[LayerVersion], str]
_POLICY_READER = "GetLayerPolicy"


class LayerApi:
    def __init__(self, registry: Registry, location: LayerLocation) -> None:
        self._registry = registry
        self._location = location

    def operations(self) -> dict[str, Handler]:
        return {
            "PublishLayerVersion": self.publish,
            "GetLayerVersion": self.get,
            "GetLayerVersionByArn": self.get_by_arn,
            "ListLayers": self.list,
            "ListLayerVersions": self.list_versions,
            "DeleteLayerVersion": self.delete,
            "AddLayerVersionPermission": self.add_permission,
            "RemoveLayerVersionPermission": self.remove_permission,
            "GetLayerVersionPolicy": self.get_policy,
        }

    def publish(self, params: Params, caller: ApiCaller) -> Result:
        content = params["Content"]
        check_request_size("PublishLayerVersion", params, content.get("ZipFile"))
        where = locate_layer(params["LayerName"], caller.account_id, caller.region)
        if (where.account_id, where.region) != (caller.account_id, caller.region):
            raise refusals.access_denied()
        region = self._registry.region(where.account_id, where.region)
        code = obtain(self._registry, caller.account_id, content)
        check_storage(region, code)
        layer = region.layers.setdefault(where.name, Layer())
        version = LayerVersion(
            where=where._replace(version=layer.next_version),
            code=code,
            created=self._registry.clock.now(),
            description=params.get("Description") or "",
            runtimes=_tuple(params.get("CompatibleRuntimes")),
            architectures=_tuple(params.get("CompatibleArchitectures")),
            license_info=params.get("LicenseInfo"),
        )
        layer.versions[layer.next_version] = version
        layer.next_version += 1
        return self._whole(version)

    def get(self, params: Params, caller: ApiCaller) -> Result:
        where = self._numbered(params, caller)
        version = self._registry.layer_version(where.version_arn)
        if version is None:
            raise refusals.not_found()
        return self._whole(version)

    def get_by_arn(self, params: Params, _: ApiCaller) -> Result:
        version = self._registry.layer_version(params["Arn"])
        if version is None:
            raise refusals.not_found()
        return self._whole(version)

    def list(self, params: Params, caller: ApiCaller) -> Result:
        """Each layer with its latest version that fits; a layer without one is left out."""
        runtime, architecture = params.get("CompatibleRuntime"), params.get("CompatibleArchitecture")
        layers = self._registry.region(caller.account_id, caller.region).layers
        latest = [version for layer in layers.values() if (version := layer.latest(runtime, architecture)) is not None]
        served, marker = page(latest, lambda version: version.where.name, params.get("Marker"), params.get("MaxItems"))
        rows = [
            {"LayerName": version.where.name, "LayerArn": version.where.arn, "LatestMatchingVersion": _item(version)}
            for version in served
        ]
        return {"Layers": rows} | ({"NextMarker": marker} if marker else {})

    def list_versions(self, params: Params, caller: ApiCaller) -> Result:
        """Newest first; a layer nobody has published is an empty list."""
        where = locate_layer(params["LayerName"], caller.account_id, caller.region)
        layer = self._registry.region(where.account_id, where.region).layers.get(where.name, Layer())
        runtime, architecture = params.get("CompatibleRuntime"), params.get("CompatibleArchitecture")
        fitting = [version for version in reversed(layer.versions.values()) if version.fits(runtime, architecture)]
        served, marker = page(fitting, lambda version: version.arn, params.get("Marker"), params.get("MaxItems"))
        return {"LayerVersions": [_item(version) for version in served]} | ({"NextMarker": marker} if marker else {})

    def delete(self, params: Params, caller: ApiCaller) -> Result:
        """Functions that use it keep it; a version that is not there is deleted all the same."""
        where = self._numbered(params, caller)
        layer = self._registry.region(where.account_id, where.region).layers.get(where.name)
        if layer is not None:
            layer.versions.pop(where.version, None)
        return {}

    def add_permission(self, params: Params, caller: ApiCaller) -> Result:
        version = self._existing(params, caller)
        self._check(version, params)
        new = {
            "Sid": params["StatementId"],
            "Effect": "Allow",
            "Principal": _principal(params["Principal"]),
            "Action": params["Action"],
            "Resource": version.arn,
        }
        if params.get("OrganizationId"):
            new["Condition"] = {"StringEquals": {"aws:PrincipalOrgID": params["OrganizationId"]}}
        policy = permissions.added(version.policy, new, f"policy of {version.arn}")
        revision = self._registry.ids.uuid()
        self._store(replace(version, policy=policy, policy_revision=revision))
        return {"Statement": json.dumps(new, separators=(",", ":")), "RevisionId": revision}

    def remove_permission(self, params: Params, caller: ApiCaller) -> Result:
        version = self._existing(params, caller)
        self._check(version, params)
        if version.policy is None:
            raise refusals.not_found(f"Statement {params['StatementId']} is not found in resource policy.")
        left = permissions.removed(version.policy, params["StatementId"])
        self._store(replace(version, policy=left, policy_revision=self._registry.ids.uuid()))
        return {}

    def get_policy(self, params: Params, caller: ApiCaller) -> Result:
        version = self._existing(params, caller)
        if version.policy is None:
            raise refusals.not_found("No policy is associated with the given resource.")
        return {"Policy": permissions.text(version.policy), "RevisionId": version.policy_revision}

    def _numbered(self, params: Params, caller: ApiCaller) -> LayerLocator:
        if params["VersionNumber"] < 1:
            raise refusals.invalid("Layer Version Cannot be less than 1")
        where = locate_layer(params["LayerName"], caller.account_id, caller.region)
        return where._replace(version=params["VersionNumber"])

    def _existing(self, params: Params, caller: ApiCaller) -> LayerVersion:
        where = self._numbered(params, caller)
        version = self._registry.layer_version(where.version_arn)
        if version is None:
            raise refusals.not_found(f"Layer version {where.version_arn} does not exist.")
        return version

    def _check(self, version: LayerVersion, params: Params) -> None:
        if params.get("RevisionId") and params["RevisionId"] != version.policy_revision:
            raise refusals.stale_revision(_POLICY_READER)

    def _store(self, version: LayerVersion) -> None:
        where = version.where
        self._registry.region(where.account_id, where.region).layers[where.name].versions[where.version] = version

    def _whole(self, version: LayerVersion) -> Result:
        content = {
            "Location": self._location(version),
            "CodeSha256": version.code.sha256,
            "CodeSize": version.code.size,
        }
        return {"Content": content, "LayerArn": version.where.arn} | _item(version)


def _item(version: LayerVersion) -> Result:
    shown: Result = {
        "LayerVersionArn": version.arn,
        "Version": version.where.version,
        "Description": version.description,
        "CreatedDate": millis(version.created),
    }
    if version.runtimes is not None:
        shown["CompatibleRuntimes"] = list(version.runtimes)
    if version.architectures is not None:
        shown["CompatibleArchitectures"] = list(version.architectures)
    if version.license_info is not None:
        shown["LicenseInfo"] = version.license_info
    return shown


def _principal(text: str) -> str | dict[str, str]:
    """An account's number becomes its root's ARN, ``*`` stays."""
    if text == "*":
        return text
    return {"AWS": text if text.startswith("arn:") else f"arn:aws:iam::{text}:root"}


def _tuple(values: list[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)
