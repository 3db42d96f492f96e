"""Take everything of a lab off AWS: found by tag, by the prefix of its name and by the journal, removed in a fitting order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from courseware.aws.kinds import KINDS, Clients, Kind, queue_url
from courseware.aws.run import Entry, Run
from courseware.aws.tags import LAB, LEARNER

_GONE = ("NotFound", "NoSuch", "NonExistent", "DoesNotExist", "ResourceNotFound")
_BY_NAME = {kind.name: kind for kind in KINDS}
# Tagged parts of what is removed as a whole.
_PARTS = (":deploymentgroup:", "/stages/", "/routes/", ":log-stream:", "/changeSet/", ":stateMachine:")
_ROUNDS = 2  # what waited for something else goes in the second


@dataclass(slots=True)
class Cleaned:
    """``left`` says what is still there and why, ``unsure`` where nobody could look."""

    removed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)


def clean(run: Run, clients: Clients) -> Cleaned:
    """Idempotent; what is gone already is no failure. Forgets the run when nothing is left."""
    cleaned = Cleaned()
    take_back(run, clients, cleaned)
    found = _found(run, clients, cleaned)
    for last in (False, True)[-_ROUNDS:]:
        found = list(_removed(found, clients, cleaned, last=last))
    if not cleaned.left and not cleaned.unsure:
        run.forget()
    return cleaned


def take_back(run: Run, clients: Clients, cleaned: Cleaned | None = None) -> list[str]:
    """Close what the run opened to the world and has not closed yet; returns what was closed."""
    entries = list(run.journal)
    closed = {repr(entry.details) for entry in entries if entry.event == "closed"}
    done = []
    for entry in entries:
        if entry.event == "opening" and repr(entry.details) not in closed:
            closed.add(repr(entry.details))
            try:
                _close(entry, run, clients)
            except (ClientError, BotoCoreError) as error:
                if not _is_gone(error):
                    if cleaned is None:
                        raise
                    cleaned.left.append(f"{entry.name}: {error}")
                    continue
            run.journal.write(Entry("closed", entry.kind, entry.name, entry.details))
            done.append(entry.name)
    return done


def _close(entry: Entry, run: Run, clients: Clients) -> None:
    details = entry.details
    if details["call"]:
        getattr(clients(details["service"]), details["call"])(**details["params"])
        return
    kind_name, name = details["remove"]
    kind = _BY_NAME[kind_name]
    for identity in kind.find(clients, name if run.prefix in name else run.prefix):
        kind.remove(clients, identity)


def _found(run: Run, clients: Clients, cleaned: Cleaned) -> list[tuple[Kind, str]]:
    """In the order of removal."""
    found: dict[str, set[str]] = {kind.name: set() for kind in KINDS}
    journaled = {entry.kind for entry in run.journal if entry.event == "making"}
    for kind in KINDS:
        try:
            found[kind.name].update(kind.find(clients, run.prefix))
        except (ClientError, BotoCoreError) as error:
            # A service that the learner may not list, or an account that does not have it, matters when the lab made such things.
            if kind.name in journaled:
                cleaned.unsure.append(f"{kind.name}s could not be listed: {error}")
    for arn in _tagged(run, clients, cleaned):
        owner = next((kind for kind in KINDS if kind.id_in(arn)), None)
        if ":sqs:" in arn:
            found["queue"].update(_address(clients, arn))
        elif owner is not None:
            found[owner.name].add(owner.id_in(arn))
        elif not any(part in arn for part in _PARTS):
            cleaned.left.append(f"{arn}: it carries the lab's tags, and the course does not know how to remove its kind")
    return [(kind, identity) for kind in KINDS for identity in sorted(found[kind.name])]


def _tagged(run: Run, clients: Clients, cleaned: Cleaned) -> Iterator[str]:
    filters: list[Any] = [{"Key": LEARNER, "Values": [run.learner]}, {"Key": LAB, "Values": [run.lab]}]
    try:
        pages = clients("resourcegroupstaggingapi").get_paginator("get_resources").paginate(TagFilters=filters)
        for page in pages:
            yield from (row["ResourceARN"] for row in page["ResourceTagMappingList"])
    except (ClientError, BotoCoreError) as error:
        cleaned.unsure.append(f"tags could not be searched, only names: {error}")


def _address(clients: Clients, arn: str) -> Iterator[str]:
    try:
        yield queue_url(clients, arn)
    except ClientError as error:
        if not _is_gone(error):
            raise


def _removed(found: list[tuple[Kind, str]], clients: Clients, cleaned: Cleaned, *, last: bool) -> Iterator[tuple[Kind, str]]:
    """Removes; yields what would not go and deserves another round."""
    for kind, identity in found:
        try:
            kind.remove(clients, identity)
            cleaned.removed.append(f"{kind.name} {identity}")
        except (ClientError, BotoCoreError) as error:
            if _is_gone(error):
                continue
            if last:
                cleaned.left.append(f"{kind.name} {identity}: {error}")
            yield kind, identity


def _is_gone(error: Exception) -> bool:
    code = error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else ""
    return any(word in code for word in _GONE)
