"""What this account can make: one ``Kind`` per resource type, its life written as steps that yield API calls.

A step function is a generator: it yields ``Api`` calls and is given their results; a refused call is raised at the ``yield``.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.ids import Ids

Properties = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Api:
    """``params`` may be spelled as in a template; they are fitted to the operation's own shape before they are sent."""

    service: str
    operation: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait on the account's clock."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Signal:
    """Wait for something from outside; ``begin`` is given the callback."""

    begin: Callable[[Callable[[Any], None]], None]


Step = Api | Pause | Signal
Steps = Generator[Step, Any, Any]


class ResourceError(Exception):
    """Why a resource cannot be made, said in the stack's events."""


@dataclass(slots=True)
class Work:
    """One resource of one stack under way. ``old`` are the properties it has now (empty while it is made)."""

    stack_name: str
    stack_id: str
    logical_id: str
    type: str
    account_id: str
    region: str
    ids: Ids
    properties: dict[str, Any]
    old: Properties = field(default_factory=dict)
    physical_id: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    update_policy: Mapping[str, Any] = field(default_factory=dict)
    context: Any = None  # what an account lends to kinds that wait for it (custom resources, CodeDeploy)

    def get(self, name: str, default: Any = None) -> Any:
        return self.properties.get(name, default)

    def changed(self, *names: str) -> bool:
        return any(self.properties.get(name) != self.old.get(name) for name in names)

    def pick(self, *names: str) -> dict[str, Any]:
        """The named properties that were given."""
        return {name: self.properties[name] for name in names if name in self.properties}

    def name(self, given: str, limit: int = 64, *, lower: bool = False, suffix: str = "") -> str:
        """The name the template gives, or one as CloudFormation makes them: stack, logical id, twelve characters."""
        if self.properties.get(given):
            return str(self.properties[given])
        room = limit - 13 - len(suffix)
        stem = f"{self.stack_name}-{self.logical_id}"[:room]
        made = f"{stem}-{self.ids.base36(12) if lower else self.ids.base36(12).upper()}"
        return (made.lower() if lower else made) + suffix

    def arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self.region}:{self.account_id}:{resource}"

    def all_tags(self) -> dict[str, str]:
        """The stack's tags and the resource's own; the template may hold them as a list or as a mapping."""
        held = self.properties.get("Tags") or []
        own = dict(held) if isinstance(held, dict) else {row["Key"]: row["Value"] for row in held}
        return {**self.tags, **{str(key): str(value) for key, value in own.items()}}

    def tag_list(self) -> list[dict[str, str]]:
        return [{"Key": key, "Value": value} for key, value in self.all_tags().items()]

    def only(self, **held: Any) -> None:
        self.attributes.update(held)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Kind:
    """``update`` None: every change replaces. A change of an ``immutable`` property replaces as well."""

    type: str
    create: Callable[[Work], Steps]
    delete: Callable[[Work], Steps]
    update: Callable[[Work], Steps] | None
    properties: frozenset[str]
    required: frozenset[str]
    immutable: frozenset[str]
    open: bool = False  # custom resources take any property
    read: Callable[[Work], Steps] | None = None  # puts what is there into ``attributes['drift']``

    def refusal(self, properties: Properties) -> str:
        """Why these properties cannot be; empty if they can."""
        if self.open:
            return ""
        missing = [name for name in sorted(self.required) if name not in properties]
        unknown = [name for name in properties if name not in self.properties]
        if unknown:
            return f"Encountered unsupported property {unknown[0]}"
        if missing:
            listed = ", ".join(missing)
            return f"Properties validation failed for resource with message: [#: required key [{listed}] not found]"
        return ""

    def replaces(self, old: Properties, new: Properties) -> bool:
        names = self.immutable if self.update is not None else set(old) | set(new)
        return any(old.get(name) != new.get(name) for name in names)


KINDS: dict[str, Kind] = {}


def kind(
    type_: str,
    create: Callable[[Work], Steps],
    delete: Callable[[Work], Steps],
    update: Callable[[Work], Steps] | None = None,
    *,
    props: str = "",
    required: str = "",
    fixed: str = "",
    read: Callable[[Work], Steps] | None = None,
) -> None:
    """Declare a resource type; ``props``, ``required`` and ``fixed`` are names, ``fixed`` those that cannot change in place."""
    names = _words(props) | _words(required) | _words(fixed)
    KINDS[type_] = Kind(type_, create, delete, update, names, _words(required), _words(fixed), read=read)


def nothing(_work: Work) -> Steps:
    """For what goes with its parent."""
    yield from ()
