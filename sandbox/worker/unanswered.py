"""boto3 in a function of a VPC, when its call has no way out: it waits for a connection as long as it would, and fails likewise.

Over loopback every connection comes about, so the time that a client would wait for one has to be told. A client of ours (this
one, and ``front_door.inprocess`` in the page) says in a header how long it waits for a connection; the account says in its
answer how much of that is still to be waited, and the client fails as it would on AWS.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

WAITS_S = "x-sandbox-connect-timeout"
STILL_S = "x-sandbox-no-connection"
HOST = "x-sandbox-host"  # AWS's name of what was not reached: over loopback every address is the account's
PASSED_S = "x-sandbox-time-passed"  # what the account's clock has been moved on meanwhile, in virtual time


def install(passed: Callable[[float], None]) -> None:
    """``passed`` is told of the account's time that went by without any of this process's. boto3 has been imported."""
    from botocore import httpsession  # noqa: PLC0415 - not every function has it
    from botocore.exceptions import ConnectTimeoutError  # noqa: PLC0415

    original = httpsession.URLLib3Session.send

    def send(self: Any, request: Any) -> Any:
        limit = self._timeout
        connect = getattr(limit, "connect_timeout", limit)
        request.headers[WAITS_S] = str(float(connect)) if isinstance(connect, int | float) else "900"
        answer = original(self, request)
        if answer.status_code == 504 and STILL_S in answer.headers:
            passed(float(answer.headers.get(PASSED_S, "0")))
            time.sleep(float(answer.headers[STILL_S]))
            raise ConnectTimeoutError(endpoint_url=f"https://{answer.headers[HOST]}/")
        return answer

    httpsession.URLLib3Session.send = send  # type: ignore[method-assign]
