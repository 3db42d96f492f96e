"""One function with everything that hangs on its name. The only mutable object per function; the registry keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sandbox.functions.aliases import Alias
from sandbox.functions.event_invoke import EventInvokeConfig
from sandbox.functions.function import LATEST, FunctionVersion
from sandbox.functions.locator import is_alias
from sandbox.functions.provisioned import ProvisionedConfig
from sandbox.functions.runtime_management import RuntimeManagement
from sandbox.functions.urls import UrlConfig
from sandbox.iam.principal import NamedPolicy


@dataclass(slots=True)
class FunctionRecord:
    """Maps keyed by qualifier use ``$LATEST`` for the unqualified function."""

    latest: FunctionVersion
    published: dict[str, FunctionVersion] = field(default_factory=dict)  # in order of publication
    next_version: int = 1
    published_from: FunctionVersion | None = None  # what $LATEST was when the last version was cut
    aliases: dict[str, Alias] = field(default_factory=dict)
    policies: dict[str, NamedPolicy] = field(default_factory=dict)
    urls: dict[str, UrlConfig] = field(default_factory=dict)
    event_invoke: dict[str, EventInvokeConfig] = field(default_factory=dict)
    provisioned: dict[str, ProvisionedConfig] = field(default_factory=dict)
    runtime_management: dict[str, RuntimeManagement] = field(default_factory=dict)
    reserved: int | None = None
    tags: dict[str, str] = field(default_factory=dict)
    recursive_loop: str = "Terminate"
    code_signing_arn: str = ""

    @property
    def name(self) -> str:
        return self.latest.name

    @property
    def arn(self) -> str:
        return self.latest.arn

    def version(self, number: str) -> FunctionVersion | None:
        return self.latest if number == LATEST else self.published.get(number)

    def versions(self) -> list[FunctionVersion]:
        """``$LATEST`` first, then as published."""
        return [self.latest, *self.published.values()]

    def has(self, qualifier: str) -> bool:
        return qualifier == LATEST or qualifier in self.aliases or qualifier in self.published

    def store(self, version: FunctionVersion) -> None:
        if version.version == LATEST:
            self.latest = version
        else:
            self.published[version.version] = version

    def revision_of(self, qualifier: str) -> str:
        """Of the alias, the version, or ``$LATEST`` when ``qualifier`` is empty; it must exist."""
        if is_alias(qualifier):
            return self.aliases[qualifier].revision_id
        version = self.version(qualifier or LATEST)
        if version is None:
            raise KeyError(qualifier)
        return version.revision_id

    def touch(self, qualifier: str, revision_id: str) -> None:
        """A new revision without a new configuration, as after a change of the policy or the tags."""
        if is_alias(qualifier):
            self.aliases[qualifier] = replace(self.aliases[qualifier], revision_id=revision_id)
            return
        version = self.version(qualifier or LATEST)
        if version is not None:
            self.store(replace(version, revision_id=revision_id))

    def provisioned_for(self, number: str) -> int:
        """Environments to keep ready for one version: its own, and its share of every alias that routes to it."""
        total = 0
        for qualifier, config in self.provisioned.items():
            alias = self.aliases.get(qualifier)
            if alias is None:
                total += config.requested if qualifier == number else 0
                continue
            extra = {version: round(config.requested * weight) for version, weight in alias.weights.items()}
            total += extra.get(number, 0)
            total += config.requested - sum(extra.values()) if alias.version == number else 0
        return total
