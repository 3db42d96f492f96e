"""The HTTPS endpoint of a function: one per function and one per alias."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.arn import function_arn

AuthType = Literal["NONE", "AWS_IAM"]
InvokeMode = Literal["BUFFERED", "RESPONSE_STREAM"]
Cors = Mapping[str, Any]  # AllowOrigins, AllowMethods, AllowHeaders, ExposeHeaders, AllowCredentials, MaxAge as given


@dataclass(frozen=True, slots=True)
class UrlConfig:
    """``qualifier`` is an alias or empty. ``invoke_mode`` is empty when the caller never set it: AWS then omits it."""

    url_id: str
    account_id: str
    region: str
    function: str
    qualifier: str
    auth_type: AuthType
    created: float
    modified: float
    invoke_mode: InvokeMode | Literal[""] = ""
    cors: Cors | None = None

    @property
    def function_arn(self) -> str:
        return function_arn(self.region, self.account_id, self.function, self.qualifier)

    @property
    def streams(self) -> bool:
        return self.invoke_mode == "RESPONSE_STREAM"
