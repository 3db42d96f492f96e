"""boto3 in a function of a VPC, when its call has no way out: it waits for a connection as long as it would, and fails likewise.

The headers are ``sandbox.network.unanswered``'s; this process imports nothing of the account's.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

_WAITS_S, _STILL_S, _PASSED_S = "x-sandbox-connect-timeout", "x-sandbox-no-connection", "x-sandbox-time-passed"
_HOST = "x-sandbox-host"


def install(passed: Callable[[float], None]) -> None:
    """``passed`` is told of the account's time that went by without any of this process's. boto3 has been imported."""
    from botocore import httpsession  # noqa: PLC0415 - not every function has it
    from botocore.exceptions import ConnectTimeoutError  # noqa: PLC0415

    original = httpsession.URLLib3Session.send

    def send(self: Any, request: Any) -> Any:
        limit = self._timeout
        connect = getattr(limit, "connect_timeout", limit)
        request.headers[_WAITS_S] = str(float(connect)) if isinstance(connect, int | float) else "900"
        answer = original(self, request)
        if answer.status_code == 504 and _STILL_S in answer.headers:
            passed(float(answer.headers.get(_PASSED_S, "0")))
            time.sleep(float(answer.headers[_STILL_S]))
            raise ConnectTimeoutError(endpoint_url=f"https://{answer.headers[_HOST]}/")
        return answer

    httpsession.URLLib3Session.send = send  # type: ignore[method-assign]
