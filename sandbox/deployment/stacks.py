"""All stacks of a world: found by name or id, their exports, and who uses those."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.deployment.stack import Resource, Stack
from sandbox.deployment.template import invalid


class Stacks:
    def __init__(self) -> None:
        self._held: dict[tuple[str, str], list[Stack]] = {}

    def add(self, stack: Stack) -> None:
        self._held.setdefault((stack.account_id, stack.region), []).append(stack)

    def drop(self, stack: Stack) -> None:
        self._held[stack.account_id, stack.region].remove(stack)

    def all(self, account_id: str, region: str) -> list[Stack]:
        """The newest first, deleted ones included."""
        return self._held.get((account_id, region), [])[::-1]

    def alive(self, account_id: str, region: str) -> Iterator[Stack]:
        return (stack for stack in self.all(account_id, region) if stack.status != "DELETE_COMPLETE")

    def find(self, account_id: str, region: str, name: str) -> Stack | None:
        """By name (not a deleted one) or by id."""
        if name.startswith("arn:"):
            return next((stack for stack in self.all(account_id, region) if stack.id == name), None)
        return next((stack for stack in self.alive(account_id, region) if stack.name == name), None)

    def get(self, account_id: str, region: str, name: str) -> Stack:
        stack = self.find(account_id, region, name)
        if stack is None:
            raise invalid(f"Stack with id {name} does not exist")
        return stack

    def id_of(self, name: str) -> str:
        """The ARN of a living stack of that name, for policies about it; empty when there is none."""
        for rows in self._held.values():
            for stack in rows:
                if stack.name == name and stack.status != "DELETE_COMPLETE":
                    return stack.id
        return ""

    def export(self, account_id: str, region: str, name: str) -> str:
        for stack in self.alive(account_id, region):
            if name in stack.exports:
                return stack.exports[name]
        raise invalid(f"No export named {name} found.")

    def importers(self, account_id: str, region: str, export: str) -> list[str]:
        return [stack.name for stack in self.alive(account_id, region) if export in _imported(stack.template)]

    def holder(self, stack: Stack, made: Resource) -> str:
        for other in self.alive(stack.account_id, stack.region):
            for one in other.resources.values():
                if one is not made and (one.type, one.physical_id) == (made.type, made.physical_id):
                    return other.id
        return ""

    def check_exports(self, stack: Stack) -> None:
        for other in self.alive(stack.account_id, stack.region):
            taken = set(stack.exports) & set(other.exports) if other is not stack else set()
            if taken:
                raise invalid(f"Export with name {sorted(taken)[0]} is already exported by stack {other.name}.")

    def keep_imports(self, stack: Stack, remaining: set[str]) -> None:
        """ValidationError when an export that another stack imports would go."""
        for name in sorted(set(stack.exports) - remaining):
            users = [one for one in self.importers(stack.account_id, stack.region, name) if one != stack.name]
            if users:
                raise invalid(f"Export {name} cannot be deleted as it is in use by {', '.join(users)}")

    def clear(self) -> None:
        self._held.clear()


def _imported(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {str(value["Fn::ImportValue"])} if set(value) == {"Fn::ImportValue"} else set()
        return own.union(*(_imported(one) for one in value.values())) if value else own
    if isinstance(value, list):
        return set().union(*map(_imported, value)) if value else set()
    return set()
