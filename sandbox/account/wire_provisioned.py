"""Provisioned concurrency: environments are made some time after they were asked for, and the API tells how many there are.

Lambda guide, provisioned-concurrency: it "does not come online immediately", but "after a minute or two of preparation".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox import facts
from sandbox.functions.function import FunctionVersion
from sandbox.functions.provisioned import Allocation

if TYPE_CHECKING:
    from sandbox.account.wiring import Account

_INIT_FAILED = "FUNCTION_ERROR_INIT_FAILURE"


def wire_provisioned(account: Account) -> None:
    registry, pool = account.registry, account.pool

    def changed(event: str, version: FunctionVersion) -> None:
        if event != "provisioned":
            return
        if registry.provisioned(version) > pool.counts(version).provisioned:
            label = f"provisioned concurrency of {version.name}:{version.version}"
            account.clock.call_later(facts.default("provisioned_preparation_s"), lambda: online(version.qualified_arn), label)
        else:
            account.invoker.provision(version, registry.provisioned(version))

    def online(arn: str) -> None:
        """As many as are wanted by now; meanwhile the version may be gone, or its environments."""
        version = registry.version_at(arn)
        wanted = registry.provisioned(version) if version is not None else 0
        if version is not None and wanted:
            account.invoker.provision(version, wanted)

    def allocation(version: FunctionVersion) -> Allocation:
        counts = pool.counts(version)
        return Allocation(counts.provisioned, counts.provisioned - counts.provisioned_busy, _INIT_FAILED if counts.failed else "")

    registry.on_change(changed)
    registry.allocation_of = allocation
