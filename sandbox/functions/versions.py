"""Publishing: a numbered copy of ``$LATEST`` that never changes again."""

from __future__ import annotations

from dataclasses import replace

from sandbox.functions import refusals
from sandbox.functions.function import FunctionVersion
from sandbox.functions.function_record import FunctionRecord
from sandbox.functions.package_source import check_storage
from sandbox.functions.registry import Registry


def check_preconditions(record: FunctionRecord, revision_id: str | None, code_sha256: str | None) -> None:
    """Recorded: test_publish_with_wrong_revisionid, test_publish_with_wrong_sha256."""
    if revision_id and revision_id != record.latest.revision_id:
        raise refusals.stale_revision()
    current = record.latest.code.sha256
    if code_sha256 and code_sha256 != current:
        raise refusals.invalid(
            f"CodeSHA256 ({code_sha256}) is different from current CodeSHA256 in $LATEST ({current}). "
            "Please try again with the CodeSHA256 in $LATEST."
        )


def publish(
    registry: Registry, record: FunctionRecord, description: str | None = None, *, pending: bool = False
) -> FunctionVersion:
    """The new version, or the last one when nothing has changed since it was published.

    PublishVersion answers with an Active version; ``Publish`` on create or update with a Pending one (both recorded).
    """
    last = record.published.get(str(record.next_version - 1))
    if last is not None and record.published_from is not None and _same(record.published_from, record.latest):
        return last
    check_storage(registry.region(record.latest.account_id, record.latest.region), record.latest.code)
    version = replace(
        record.latest,
        version=str(record.next_version),
        description=record.latest.description if description is None else description,
        revision_id=registry.ids.uuid(),
        state="Pending" if pending else "Active",
        last_update_status="Successful",
    )
    record.next_version += 1
    record.published_from = record.latest
    record.store(version)
    record.touch("", registry.ids.uuid())
    if pending:
        registry.settle_version(version)
    registry.announce("publish", version)
    return version


def _same(before: FunctionVersion, now: FunctionVersion) -> bool:
    """PublishVersion: "Lambda doesn't publish a version if the function's configuration and code haven't changed"."""
    return before == replace(
        now,
        revision_id=before.revision_id,
        last_modified=before.last_modified,
        generation=before.generation,
        state=before.state,
        last_update_status=before.last_update_status,
    )
