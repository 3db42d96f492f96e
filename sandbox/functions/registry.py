"""Every function of every account and region of one world: what is stored, and the questions other rooms ask of it.

Changes are made by the operation handlers; this file keeps, finds and announces. No I/O: packages come as bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from sandbox.arn import Arn
from sandbox.clock import Clock
from sandbox.functions import refusals
from sandbox.functions.code_signing import SignatureOf, check_signatures, unsigned
from sandbox.functions.event_invoke import EventInvokeConfig
from sandbox.functions.event_source_mappings import EventSourceMapping
from sandbox.functions.function import LATEST, Code, FunctionVersion, Target
from sandbox.functions.function_record import FunctionRecord
from sandbox.functions.layers import LayerVersion, locate_layer
from sandbox.functions.locator import Locator, is_alias, locate
from sandbox.functions.provisioned import Allocation
from sandbox.functions.region import Region
from sandbox.functions.urls import UrlConfig
from sandbox.iam.principal import NamedPolicy
from sandbox.ids import Ids

FetchS3 = Callable[[str, str, str, str], bytes]  # account, bucket, key, version ("" for the latest)
ReadPackage = Callable[[bytes], Code]
MappingListener = Callable[[EventSourceMapping], None]
"""Hears every state an event source mapping comes to, ``Deleting`` last."""
Listener = Callable[[str, FunctionVersion], None]
"""Called with ``create``, ``update``, ``publish``, ``delete`` or ``provisioned`` and the version concerned.

``update`` passes the new ``$LATEST``: environments of an older ``generation`` are stale. ``delete`` comes once per version.
``provisioned`` says that ``Registry.provisioned(version)`` may have changed.
"""


class Registry:
    """``allocation_of`` is the pool's report on provisioned environments; without one every request is met at once."""

    def __init__(
        self, clock: Clock, ids: Ids, *, fetch_s3: FetchS3, read_package: ReadPackage, runtimes: tuple[str, ...]
    ) -> None:
        self.clock = clock
        self.ids = ids
        self.fetch_s3 = fetch_s3
        self.read_package = read_package
        self.runtimes = runtimes
        self.signature_of: SignatureOf = unsigned
        self.count_untrusted: Callable[[FunctionVersion], None] = lambda _version: None
        self.vpc_of: Callable[[str, str, str], str] = lambda _account_id, _region, _subnet_id: ""
        self.allocation_of: Callable[[FunctionVersion], Allocation] | None = None
        self._regions: dict[tuple[str, str], Region] = {}
        self._urls: dict[str, UrlConfig] = {}
        self._listeners: list[Listener] = []
        self._mapping_listeners: list[MappingListener] = []
        self._settling: list[Callable[[], None]] = []

    def region(self, account_id: str, name: str) -> Region:
        key = (account_id, name)
        if key not in self._regions:
            self._regions[key] = Region(account_id, name)
        return self._regions[key]

    def verify(self, version: FunctionVersion, config_arn: str) -> None:
        """Refuse what the function's code signing configuration does not let through; count what it only warns of."""
        config = self.region(version.account_id, version.region).signing.get(config_arn)
        codes = (version.code, *(layer.code for layer in version.layers))
        if not check_signatures(config, version.name, codes, self.signature_of):
            self.count_untrusted(version)

    def regions(self) -> list[Region]:
        return list(self._regions.values())

    def find(self, where: Locator) -> FunctionRecord | None:
        region = self._regions.get((where.account_id, where.region))
        return region.functions.get(where.name) if region else None

    def resolve(self, account_id: str, region: str, function: str, qualifier: str | None, draw: float) -> Target:
        """What Invoke runs. ``draw`` in [0, 1) decides between the versions of a weighted alias."""
        self.settle()
        where = locate(function, qualifier, account_id, region)
        record = self.find(where)
        if record is None:
            raise refusals.no_function(where.qualified_arn)
        if not where.qualifier:
            return Target(version=record.latest, invoked_arn=record.arn)
        number, alias = where.qualifier, ""
        if is_alias(where.qualifier):
            found = record.aliases.get(where.qualifier)
            if found is None:
                raise refusals.not_found(f"Cannot find alias arn: {where.qualified_arn}")
            number, alias = found.choose(draw), found.name
        version = record.version(number)
        if version is None:
            raise refusals.no_function(where.qualified_arn)
        return Target(version=version, invoked_arn=where.qualified_arn, qualifier=where.qualifier, alias=alias)

    def version_at(self, arn: str) -> FunctionVersion | None:
        """The version an ARN names (an alias's primary one); None when it names no function of this world."""
        where = _function_of(arn)
        record = self.find(where) if where else None
        if record is None or where is None:
            return None
        alias = record.aliases.get(where.qualifier)
        return record.version(alias.version if alias else where.qualifier or LATEST)

    def policy_of(self, arn: str) -> NamedPolicy | None:
        """The resource policy of a function, version, alias or layer version; a new object after every change of it."""
        if ":layer:" in arn:
            layer = self.layer_version(arn)
            return layer.policy if layer else None
        where = _function_of(arn)
        record = self.find(where) if where else None
        return record.policies.get(where.qualifier or LATEST) if record and where else None

    def layer_version(self, arn: str) -> LayerVersion | None:
        where = locate_layer(arn, "", "")
        region = self._regions.get((where.account_id, where.region))
        layer = region.layers.get(where.name) if region else None
        return layer.versions.get(where.version) if layer else None

    def url(self, url_id: str) -> UrlConfig | None:
        return self._urls.get(url_id)

    def put_url(self, config: UrlConfig) -> None:
        self._urls[config.url_id] = config

    def drop_url(self, config: UrlConfig) -> None:
        self._urls.pop(config.url_id, None)

    def record_of(self, version: FunctionVersion) -> FunctionRecord | None:
        return self.find(Locator(version.account_id, version.region, version.name))

    def reserved(self, target: Target) -> int | None:
        """Reserved concurrency of the whole function; None when none was set, 0 when it is switched off."""
        record = self.record_of(target.version)
        return record.reserved if record else None

    def unreserved(self, account_id: str, region: str) -> int:
        """Concurrency of a region that no function has set aside for itself."""
        return self.region(account_id, region).unreserved()

    def provisioned(self, version: FunctionVersion) -> int:
        """How many environments of this version are to be kept ready."""
        record = self.record_of(version)
        return record.provisioned_for(version.version) if record else 0

    def event_invoke(self, target: Target) -> EventInvokeConfig | None:
        """The configuration of the qualifier as it was called: an alias's does not apply to a direct call of its version."""
        record = self.record_of(target.version)
        return record.event_invoke.get(target.qualifier or LATEST) if record else None

    def recursive_loop(self, target: Target) -> str:
        record = self.record_of(target.version)
        return record.recursive_loop if record else "Terminate"

    def on_change(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def announce(self, event: str, version: FunctionVersion) -> None:
        for listener in self._listeners:
            listener(event, version)

    def on_mapping(self, listener: MappingListener) -> None:
        self._mapping_listeners.append(listener)

    def put_mapping(self, region: Region, mapping: EventSourceMapping) -> None:
        region.mappings[mapping.uuid] = mapping
        self.announce_mapping(mapping)

    def announce_mapping(self, mapping: EventSourceMapping) -> None:
        for listener in self._mapping_listeners:
            listener(mapping)

    def note_result(self, mapping: EventSourceMapping, text: str) -> None:
        """What came of the mapping's last batch, as GetEventSourceMapping shows it."""
        self.settle()
        mappings = self.region(mapping.account_id, mapping.region).mappings
        if mapping.uuid in mappings:
            mappings[mapping.uuid] = replace(mappings[mapping.uuid], last_result=text)

    def settle_later(self, action: Callable[[], None]) -> None:
        """``action`` ends a transitional state; it runs before the next call is looked at, so waiters succeed at once."""
        self._settling.append(action)

    def settle(self) -> None:
        if self._settling:
            actions, self._settling = self._settling, []
            for action in actions:
                action()

    def settle_version(self, version: FunctionVersion) -> None:
        """Make a version Active and its update Successful before the next call, with the new revision AWS gives it."""

        def settle() -> None:
            record = self.record_of(version)
            current = record.version(version.version) if record else None
            if record is not None and current is not None and current.generation == version.generation:
                record.store(replace(current, state="Active", last_update_status="Successful", revision_id=self.ids.uuid()))

        self.settle_later(settle)

    def reset(self) -> None:
        """Forget everything, announcing the end of every version; listeners stay."""
        versions = [version for region in self.regions() for record in region.functions.values() for version in record.versions()]
        self._regions.clear()
        self._urls.clear()
        self._settling.clear()
        for version in versions:
            self.announce("delete", version)


@lru_cache(maxsize=4096)
def _function_of(arn: str) -> Locator | None:
    try:
        parsed = Arn.parse(arn)
    except ValueError:
        return None
    kind, _, rest = parsed.resource.partition(":")
    name, _, qualifier = rest.partition(":")
    return Locator(parsed.account, parsed.region, name, qualifier) if kind == "function" and name else None
