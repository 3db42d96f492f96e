"""Rules for services whose actions are HTTP methods on paths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from sandbox.iam.operations.request import Request, Rule, Rules
from sandbox.iam.verdict import Check

PassedRole = str  # the parameter that hands over a role


def _path(template: str, request: Request) -> str:
    """A tagged resource's ARN is one part of the path, URL-encoded."""
    filled = template
    for name, value in request.params.items():
        filled = filled.replace("{" + name + "}", quote(str(value), safe="") if str(value).startswith("arn:") else str(value))
    return filled


def _on_path(method: str, template: str, role: PassedRole) -> Rule:
    def rule(request: Request) -> Iterable[Check]:
        checks = [request.check(method, request.arn(_path(template, request), account=""))]
        arn = request.text(role) if role else ""
        if ":role/" in arn:
            checks += request.pass_role(arn, "apigateway.amazonaws.com")
        return checks

    return rule


def path_rules(paths: Mapping[str, str], roles: Mapping[str, PassedRole]) -> Rules:
    """From ``{path: "METHOD:Operation METHOD:Operation"}``."""
    rules: Rules = {}
    for template, pairs in paths.items():
        for pair in pairs.split():
            method, _, operation = pair.partition(":")
            rules[operation] = _on_path(method, template, roles.get(operation, ""))
    return rules


def _named(action: str, template: str) -> Rule:
    return lambda request: [request.check(action, request.arn(_path(template, request)))]


def named_rules(paths: Mapping[str, str], renamed: Mapping[str, str]) -> Rules:
    """Actions called like the operation, on a path that has the account in its ARN."""
    return {
        operation: _named(renamed.get(operation, operation), template)
        for template, operations in paths.items()
        for operation in operations.split()
    }
