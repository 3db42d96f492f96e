"""Layers: numbered, immutable packages that functions share."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from sandbox.functions.function import Code
from sandbox.iam.principal import NamedPolicy

_LAYER = re.compile(
    r"arn:aws[a-zA-Z-]*:lambda:(?P<region>[a-z0-9-]+):(?P<account>\d{12}):layer:(?P<name>[a-zA-Z0-9-_]+)(?::(?P<version>\d+))?"
)


class LayerLocator(NamedTuple):
    """``version`` is 0 where the text names the layer as a whole."""

    account_id: str
    region: str
    name: str
    version: int = 0

    @property
    def arn(self) -> str:
        return f"arn:aws:lambda:{self.region}:{self.account_id}:layer:{self.name}"

    @property
    def version_arn(self) -> str:
        return f"{self.arn}:{self.version}"


def locate_layer(text: str, account_id: str, region: str) -> LayerLocator:
    """From a layer's name, ARN or version ARN."""
    match = _LAYER.fullmatch(text)
    if match is None:
        return LayerLocator(account_id, region, text)
    return LayerLocator(match["account"], match["region"], match["name"], int(match["version"] or 0))


@dataclass(frozen=True, slots=True)
class LayerVersion:
    where: LayerLocator
    code: Code
    created: float
    description: str = ""
    runtimes: tuple[str, ...] | None = None
    architectures: tuple[str, ...] | None = None
    license_info: str | None = None
    policy: NamedPolicy | None = None
    policy_revision: str = ""

    @property
    def arn(self) -> str:
        return self.where.version_arn

    def fits(self, runtime: str | None, architecture: str | None) -> bool:
        """What the listings filter by: a version that names no runtimes matches none."""
        return (runtime is None or runtime in (self.runtimes or ())) and (
            architecture is None or architecture in (self.architectures or ())
        )


@dataclass(slots=True)
class Layer:
    """Numbers are never used twice, even after a version was deleted."""

    versions: dict[int, LayerVersion] = field(default_factory=dict)
    next_version: int = 1

    def latest(self, runtime: str | None = None, architecture: str | None = None) -> LayerVersion | None:
        fitting = [version for version in self.versions.values() if version.fits(runtime, architecture)]
        return fitting[-1] if fitting else None


def first_version(where: LayerLocator, code: Code, created: float) -> Layer:
    """A layer with one version, number 1."""
    return Layer({1: LayerVersion(where._replace(version=1), code, created)}, 2)
