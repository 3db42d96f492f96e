"""One API request, and the checks made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from sandbox.iam.operations.call_site import CallSite
from sandbox.iam.verdict import Check, ContextValue


class Request:
    """``prefix`` is the service's name in actions and ARNs (``states`` for botocore's ``stepfunctions``)."""

    __slots__ = ("_base", "operation", "params", "prefix", "where")

    def __init__(self, prefix: str, operation: str, params: Mapping[str, Any], where: CallSite) -> None:
        self.prefix = prefix
        self.operation = operation
        self.params = params
        self.where = where
        self._base: dict[str, ContextValue] | None = None

    def text(self, *names: str) -> str:
        """The first of these parameters that is a string with something in it."""
        for name in names:
            value = self.params.get(name)
            if isinstance(value, str) and value:
                return value
        return ""

    def texts(self, name: str) -> list[str]:
        value = self.params.get(name)
        return [item for item in value if isinstance(item, str)] if isinstance(value, list | tuple) else []

    def rows(self, name: str) -> list[Mapping[str, Any]]:
        """A list of structures; anything else in it is left to the service's own validation."""
        value = self.params.get(name)
        return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list | tuple) else []

    def part(self, name: str) -> Mapping[str, Any]:
        value = self.params.get(name)
        return value if isinstance(value, Mapping) else {}

    def arn(self, resource: str, *, service: str = "", region: str | None = None, account: str | None = None) -> str:
        where = self.where
        region = where.region if region is None else region
        account = where.account_id if account is None else account
        return f"arn:{where.partition}:{service or self.prefix}:{region}:{account}:{resource}"

    def named(self, resource_type: str, name: str, **place: str) -> str:
        """``name`` itself when it is an ARN already, else the ARN of that type and name (``stream/{}``)."""
        return name if name.startswith("arn:") else self.arn(resource_type.replace("{}", name), **place)

    def check(
        self,
        action: str,
        resource: str,
        context: Mapping[str, ContextValue | None] | None = None,
        *,
        owner: str = "",
        policy_of: str = "",
    ) -> Check:
        """``action`` may leave out the service. Keys whose value is None or empty are not part of the request."""
        if ":" not in action:
            action = f"{self.prefix}:{action}"
        resource = resource or "*"  # the service itself refuses a request that names nothing
        account = owner or account_of(resource)
        keys = dict(self._keys())
        if account:
            keys["aws:ResourceAccount"] = account
        if context:
            keys.update({name: value for name, value in context.items() if value is not None and value not in ("", [])})
        for name, value in self.where.resource_tags(policy_of or resource).items():
            keys[f"aws:ResourceTag/{name}"] = value
        return Check(action, resource, keys, account, policy_of)

    def own(self, resource: str, context: Mapping[str, ContextValue | None] | None = None) -> Check:
        """The check of the action that is called like the operation."""
        return self.check(self.operation, resource, context)

    def pass_role(self, role_arn: str, service: str, resource: str = "") -> list[Check]:
        """PassRole is checked when, and only when, the request hands over a role."""
        if not role_arn:
            return []
        context: dict[str, ContextValue | None] = {"iam:PassedToService": service, "iam:AssociatedResourceArn": resource}
        return [self.check("iam:PassRole", role_arn, context)]

    def _keys(self) -> dict[str, ContextValue]:
        if self._base is None:
            self._base = self.where.global_keys()
            tags, removed = request_tags(self.params)
            for name, value in tags.items():
                self._base[f"aws:RequestTag/{name}"] = value
            if tags or removed:
                self._base["aws:TagKeys"] = [*tags, *removed]
        return self._base


Rule = Callable[[Request], Iterable[Check]]
ResourceOf = Callable[[Request], "str | list[str]"]
Rules = dict[str, Rule]


def account_of(arn: str) -> str:
    parts = arn.split(":", 5)
    return parts[4] if len(parts) == 6 else ""


def request_tags(params: Mapping[str, Any]) -> tuple[dict[str, str], list[str]]:
    """Tags a request sets, in any of the spellings services have, and the keys it removes."""
    given = params.get("Tags") or params.get("tags") or params.get("TagSet") or {}
    if isinstance(given, Mapping) and isinstance(given.get("items"), Mapping):
        given = given["items"]
    tags: dict[str, str] = {}
    if isinstance(given, Mapping):
        tags = {str(name): str(value) for name, value in given.items()}
    elif isinstance(given, list | tuple):
        for row in given:
            if isinstance(row, Mapping):
                name = row.get("Key") or row.get("key") or row.get("TagKey")
                value = row.get("Value") or row.get("value") or row.get("TagValue") or ""
                if name:
                    tags[str(name)] = str(value)
    removed = params.get("TagKeys") or params.get("tagKeys") or []
    return tags, [str(name) for name in removed] if isinstance(removed, list | tuple) else []


def query_tags(text: Any) -> dict[str, str]:
    """Tags in the form of a query string, as S3's ``x-amz-tagging`` has them."""
    return dict(parse_qsl(text, keep_blank_values=True)) if isinstance(text, str) else {}


def same_name(resource_of: ResourceOf) -> Rule:
    """The rule of most operations: one action of the same name, on each resource the request names."""

    def rule(request: Request) -> Iterable[Check]:
        found = resource_of(request)
        return [request.own(resource) for resource in ([found] if isinstance(found, str) else found)]

    return rule


def table(rows: Mapping[ResourceOf, str]) -> Rules:
    """Rules from ``{where the resource is read from: "Operation Operation …"}``."""
    return {name: same_name(resource_of) for resource_of, names in rows.items() for name in names.split()}


def everything(_: Request) -> str:
    """For actions that know no resource types."""
    return "*"


def given(*names: str) -> ResourceOf:
    """The resource is an ARN in one of these parameters."""

    def resource_of(request: Request) -> str:
        return request.text(*names) or "*"

    return resource_of


def by_name(resource: str, *names: str) -> ResourceOf:
    """The resource is named by one of these parameters, or given as an ARN: ``by_name("stream/{}", "StreamName")``."""

    def resource_of(request: Request) -> str:
        return request.named(resource, request.text(*names))

    return resource_of


def by_each(resource: str, name: str) -> ResourceOf:
    """One resource for each entry of a list of names or ARNs."""

    def resource_of(request: Request) -> list[str]:
        return [request.named(resource, item) for item in request.texts(name)] or [request.arn(resource.replace("{}", "*"))]

    return resource_of
