"""In which order resources are made: after everything they refer to or depend on; among equals as the template has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.deployment.expression import Scope, references
from sandbox.deployment.template import invalid


def dependencies(resources: Mapping[str, Any], known: Mapping[str, Any], scope: Scope) -> dict[str, set[str]]:
    """By logical id. ValidationError for a name that is nothing in this template."""
    found: dict[str, set[str]] = {}
    for name, resource in resources.items():
        depends = resource.get("DependsOn") or []
        depends = [depends] if isinstance(depends, str) else list(depends)
        for other in depends:
            if other not in resources:
                message = (
                    f"Template format error: Unresolved resource dependencies [{other}] in the Resources block of the template"
                )
                raise invalid(message)
        names = references([resource.get("Properties") or {}, resource.get("UpdatePolicy") or {}], scope)
        unresolved = sorted(one for one in names if one not in resources and one not in known and one != "AWS::NoValue")
        if unresolved:
            listed = ", ".join(unresolved)
            raise invalid(
                f"Template format error: Unresolved resource dependencies [{listed}] in the Resources block of the template"
            )
        found[name] = {one for one in names if one in resources and one != name} | set(depends)
        if name in names:
            raise invalid(f"Circular dependency between resources: [{name}]")
    return found


def ordered(depends: Mapping[str, set[str]]) -> list[str]:
    """Dependencies first; ValidationError names a circle."""
    done: list[str] = []
    placed: set[str] = set()
    while len(done) < len(depends):
        ready = [name for name in depends if name not in placed and depends[name] <= placed]
        if not ready:
            left = ", ".join(sorted(name for name in depends if name not in placed))
            raise invalid(f"Circular dependency between resources: [{left}]")
        done += ready
        placed.update(ready)
    return done
