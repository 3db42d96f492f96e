"""The floor: the account's own HTTP protocol class answering every request with the same bytes."""

from __future__ import annotations

import asyncio
import json

from sandbox.front_door.server import HttpServer
from sandbox.http_message import HttpRequest, HttpResponse, Respond

_ANSWER = HttpResponse(
    200,
    [
        ("Content-Type", "application/json"),
        ("x-amzn-RequestId", "00000000-0000-4000-8000-000000000000"),
        ("x-amzn-Remapped-Content-Length", "0"),
        ("X-Amz-Executed-Version", "$LATEST"),
        ("X-Amzn-Trace-Id", "Root=1-00000000-000000000000000000000000;Parent=0000000000000000;Sampled=0"),
    ],
    b'{"ok": true}',
)


def _handle(_: HttpRequest, respond: Respond) -> None:
    respond(_ANSWER)


async def _main() -> None:
    server = HttpServer(_handle, asyncio.get_running_loop())
    port = await server.start(0)
    print(json.dumps({"endpoint_url": f"http://127.0.0.1:{port}"}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
