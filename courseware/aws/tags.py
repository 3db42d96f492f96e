"""Tags on whatever can be given tags when it is made; where a request takes them, and in which form, botocore's model says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LEARNER, LAB, EXPIRES = "course-learner", "course-lab", "course-expires"


@dataclass(frozen=True, slots=True)
class TagMember:
    """The member of a request that holds tags. ``keys`` are the two member names of a list's entries; a map has none."""

    name: str
    keys: tuple[str, str] | None


def tag_member(model: Any) -> TagMember | None:
    """None for an operation that takes no tags."""
    shape = model.input_shape
    for name, member in (shape.members if shape is not None else {}).items():
        if name.lower() == "tags":
            if member.type_name == "map":
                return TagMember(name, None)
            entry = list(member.member.members)
            return TagMember(name, (entry[0], entry[1]))
    return None


def tagged(params: Mapping[str, Any], member: TagMember, tags: Mapping[str, str]) -> dict[str, Any]:
    """A copy of ``params`` with our tags beside the learner's own."""
    own = params.get(member.name)
    if member.keys is None:
        return {**params, member.name: {**(own or {}), **tags}}
    key, value = member.keys
    kept = [entry for entry in own or [] if entry.get(key) not in tags]
    return {**params, member.name: [*kept, *({key: name, value: text} for name, text in tags.items())]}
