"""The ``context`` argument of a handler, complete (awslambdaric 4.2 ``lambda_context.py``)."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable
from typing import Any

from .fault import Fault

_SHOWN = (
    "aws_request_id",
    "log_group_name",
    "log_stream_name",
    "function_name",
    "memory_limit_in_mb",
    "function_version",
    "invoked_function_arn",
    "client_context",
    "identity",
    "tenant_id",
)
_W3C_FIELDS = ("traceparent", "tracestate", "baggage")


class _Slots:
    """Fields of a mapping as attributes; missing ones are None."""

    __slots__: tuple[str, ...] = ()

    def __init__(self, fields: dict[str, Any]) -> None:
        for name in self.__slots__:
            setattr(self, name, fields.get(name))

    def __repr__(self) -> str:
        inside = ",".join(f"{name}={getattr(self, name)}" for name in self.__slots__)
        return f"{type(self).__name__}([{inside}])"


class CognitoIdentity(_Slots):
    __slots__ = ("cognito_identity_id", "cognito_identity_pool_id")


class Client(_Slots):
    __slots__ = ("app_package_name", "app_title", "app_version_code", "app_version_name", "installation_id")


class ClientContext(_Slots):
    __slots__ = ("client", "custom", "env")


class LambdaContext:
    """What AWS hands a handler. Times come from ``remaining_ms``, so a virtual clock can answer."""

    def __init__(
        self,
        request_id: str,
        invoked_function_arn: str,
        remaining_ms: Callable[[], int],
        client_context: str = "",
        identity: str = "",
        tenant_id: str = "",
    ) -> None:
        self.aws_request_id = request_id
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = invoked_function_arn
        self.tenant_id = tenant_id or None
        self.client_context: ClientContext | None = None
        self._w3c: dict[str, str] = {}
        if client_context:
            self._set_client_context(_parsed(client_context, "Client Context"))
        who = _parsed(identity, "Cognito Identity") if identity else {}
        self.identity = CognitoIdentity(
            {"cognito_identity_id": who.get("cognitoIdentityId"), "cognito_identity_pool_id": who.get("cognitoIdentityPoolId")}
        )
        self._remaining_ms = remaining_ms

    def _set_client_context(self, fields: Any) -> None:
        if not isinstance(fields, dict):
            return
        w3c = fields.pop("w3c", None)
        if isinstance(w3c, dict):
            self._w3c = {key: w3c[key] for key in _W3C_FIELDS if isinstance(w3c.get(key), str)}
        self.client_context = ClientContext(fields)
        client = fields.get("client")
        self.client_context.client = Client(client) if isinstance(client, dict) else None  # type: ignore[attr-defined]

    def get_remaining_time_in_millis(self) -> int:
        return max(0, self._remaining_ms())

    def w3c(self) -> dict[str, str]:
        """The W3C trace context of this invocation."""
        return dict(self._w3c)

    def log(self, msg: Any) -> None:
        """One log record, whatever the message's lines."""
        for handler in logging.getLogger().handlers:
            sink = getattr(handler, "log_sink", None)
            if sink is not None:
                sink.log(str(msg))
                return
        sys.stdout.write(str(msg))

    def __repr__(self) -> str:
        return f"LambdaContext([{','.join(f'{name}={getattr(self, name)}' for name in _SHOWN)}])"


def _parsed(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise Fault(Fault.CONTEXT, f"Unable to parse {name} JSON: {error}") from None
