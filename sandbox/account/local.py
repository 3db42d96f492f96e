"""``local_account``: an account in a thread of this process, reachable over HTTP by any AWS client."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sandbox.account.native import NativeAccount
from sandbox.account.settings import Settings
from sandbox.account.shortcut import NearControl, Shortcut
from sandbox.control.client import ControlClient
from sandbox.errors import InternalError

_START_S_MAX = 30.0
_CLOSE_S_MAX = 15.0


class LocalAccount:
    """What ``local_account`` gives: clients, addresses, the control channel. Several live side by side, isolated."""

    def __init__(self, settings: Settings, ready: dict[str, Any], native: NativeAccount | None = None) -> None:
        self.settings = settings
        self.endpoint_url = str(ready["endpoint_url"])
        self.region = settings.region
        self.account_id = settings.account_id
        self.ready = ready
        channel = (str(ready["control_url"]), str(ready["control_token"]))
        self.control = ControlClient(*channel) if native is None else NearControl(*channel, native.loop, native.account.commands)
        self._shortcut = None if native is None else Shortcut(native.loop, native.account.handle)
        self._session: Any = None
        self._making = threading.Lock()  # sessions make clients one at a time

    def client(self, service: str, **options: Any) -> Any:
        """A boto3 client of the learner (or of the keys given), without retries that would hide an injected fault."""
        import boto3  # noqa: PLC0415  # an account that is only served over HTTP does not pay for it
        from botocore.config import Config  # noqa: PLC0415

        own = {
            "endpoint_url": self.endpoint_url,
            "region_name": self.region,
            "aws_access_key_id": self.ready["aws_access_key_id"],
            "aws_secret_access_key": self.ready["aws_secret_access_key"],
            "config": Config(retries={"total_max_attempts": 1}, inject_host_prefix=False),
        }
        chosen: dict[str, Any] = {**own, **options}
        with self._making:
            if self._session is None:
                self._session = boto3.session.Session()
            return self._session.client(service, **chosen)

    def near_client(self, service: str) -> Any:
        """The learner's client without a socket, for whoever asks much: same requests, same answers."""
        client = self.client(service)
        if self._shortcut is not None:
            self._shortcut.attach(client.meta.events)
        return client

    def environ(self) -> dict[str, str]:
        """Variables that point any AWS client at this account."""
        return {
            "AWS_ACCESS_KEY_ID": str(self.ready["aws_access_key_id"]),
            "AWS_SECRET_ACCESS_KEY": str(self.ready["aws_secret_access_key"]),
            "AWS_DEFAULT_REGION": self.region,
            "AWS_REGION": self.region,
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",  # sync-127.0.0.1 has no address (StartSyncExecution)
        }

    def reset(self) -> None:
        """Everything back to the beginning; the learner's keys stay."""
        self.control.reset()


@contextmanager
def local_account(
    settings: Settings | None = None, *, port: int = 0, control_port: int = 0, **choices: Any
) -> Iterator[LocalAccount]:
    """An account for as long as the block lasts; ``choices`` are fields of ``Settings``. Afterwards no thread, process, socket or
    file of it is left.
    """
    chosen = settings or Settings(**choices)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="account", daemon=True)
    thread.start()
    native: NativeAccount | None = None
    try:
        native = asyncio.run_coroutine_threadsafe(_start(chosen, port, control_port), loop).result(_START_S_MAX)
        yield LocalAccount(chosen, native.ready_line(), native)
    finally:
        if native is not None:
            asyncio.run_coroutine_threadsafe(native.close(), loop).result(_CLOSE_S_MAX)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_CLOSE_S_MAX)
        if thread.is_alive():
            raise InternalError("the account's thread did not end")
        loop.close()


async def _start(settings: Settings, port: int, control_port: int) -> NativeAccount:
    native = NativeAccount(settings, asyncio.get_running_loop())
    await native.start(port, control_port)
    return native
