"""Kernels that start after the account has, so that the first cell finds it."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

_WAIT_S_MAX = 30


class CourseKernelManager(AsyncMappingKernelManager):  # type: ignore[misc]
    """``account_ready`` is put here by the extension; a kernel without an account is better than no kernel."""

    account_ready: asyncio.Event | None = None

    async def start_kernel(self, **options: Any) -> Any:
        """Wait for the account's address to be in the environment, then start as Jupyter does."""
        if self.account_ready is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.account_ready.wait(), _WAIT_S_MAX)
        return await super().start_kernel(**options)

    def new_account(self, environment: dict[str, str]) -> None:
        """Give running kernels the keys of the account that took another's place: Jupyter restarts a kernel as it was started."""
        for kernel in self.list_kernel_ids():
            self.get_kernel(kernel).update_env(env=environment)
