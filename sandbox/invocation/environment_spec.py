"""What an execution environment is made of: the package, the limits and every variable AWS defines (docs: configuration-envvars).

``PATH``, ``LD_LIBRARY_PATH`` and ``PYTHONPATH`` are the runtime's, which knows where things really are; ``_X_AMZN_TRACE_ID``
changes with every invocation and is set there too. There is no Runtime API and no metadata endpoint behind the addresses.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from sandbox import facts
from sandbox.functions.function import Code, FunctionVersion
from sandbox.invocation.settings import InvocationSettings
from sandbox.network.ground import Place
from sandbox.runtime.environment import EnvironmentSpec

LOG_GROUP = "AWS_LAMBDA_LOG_GROUP_NAME"
LOG_STREAM = "AWS_LAMBDA_LOG_STREAM_NAME"
_PROVISIONED_INIT_FLOOR_S = 130.0  # AWS docs, "Init phase": 130 s or the function's timeout, whichever is higher


class Packages(Protocol):
    """Where packages are extracted (runtime.package.PackageStore)."""

    def directory(self, code: Code) -> Path: ...


class MintedCredential(Protocol):
    @property
    def access_key_id(self) -> str: ...

    @property
    def secret_access_key(self) -> str: ...

    @property
    def session_token(self) -> str: ...


class Credentials(Protocol):
    """Who issues a role's temporary credentials (control_plane.identities)."""

    def mint(
        self, role_arn: str, session_name: str, *, source_function_arn: str = "", place: Place | None = None
    ) -> MintedCredential: ...


def environment_spec(
    version: FunctionVersion,
    environment_id: str,
    now: float,
    *,
    provisioned: bool,
    packages: Packages,
    credentials: Credentials,
    settings: InvocationSettings,
) -> EnvironmentSpec:
    credential = credentials.mint(version.role, version.name, source_function_arn=version.arn, place=_place(version))
    own = {
        "_HANDLER": version.handler,
        "AWS_DEFAULT_REGION": version.region,
        "AWS_REGION": version.region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{version.runtime}",
        "AWS_LAMBDA_FUNCTION_NAME": version.name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(version.memory_mb),
        "AWS_LAMBDA_FUNCTION_VERSION": version.version,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "provisioned-concurrency" if provisioned else "on-demand",
        LOG_GROUP: version.log_group,
        LOG_STREAM: log_stream(version.version, environment_id, now),
        "AWS_ACCESS_KEY": credential.access_key_id,
        "AWS_ACCESS_KEY_ID": credential.access_key_id,
        "AWS_SECRET_ACCESS_KEY": credential.secret_access_key,
        "AWS_SESSION_TOKEN": credential.session_token,
        "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001",
        "LAMBDA_TASK_ROOT": "/var/task",
        "LAMBDA_RUNTIME_DIR": "/var/runtime",
    }
    timeout_s = settings.init_timeout_s
    if provisioned:
        longest = facts.limit("init_timeout_provisioned_s")
        timeout_s = min(float(longest), max(_PROVISIONED_INIT_FLOOR_S, float(version.timeout_s)))
    return EnvironmentSpec(
        environment_id=environment_id,
        function_arn=version.arn if version.version == "$LATEST" else version.qualified_arn,
        function_name=version.name,
        version=version.version,
        runtime=version.runtime,
        handler=version.handler,
        memory_mb=version.memory_mb,
        timeout_s=version.timeout_s,
        tmp_mb=version.tmp_mb,
        variables={**_DEFAULTS, **settings.variables, **(version.variables or {}), **own, **_logging(version)},
        code_dir=packages.directory(version.code),
        layer_dirs=tuple(packages.directory(layer.code) for layer in version.layers),
        log_format="JSON" if version.logging.log_format == "JSON" else "Text",
        application_log_level=_application_level(version),
        init_timeout_s=timeout_s,
    )


def _place(version: FunctionVersion) -> Place | None:
    """Where the connections of a function in a VPC start."""
    vpc = version.vpc or {}
    return Place(tuple(vpc["SubnetIds"]), tuple(vpc["SecurityGroupIds"])) if vpc.get("SubnetIds") else None


def log_stream(version: str, environment_id: str, now: float) -> str:
    """``2026/11/20/[$LATEST]<32 hex digits>``: one stream for the whole life of an environment."""
    return f"{datetime.fromtimestamp(now, UTC):%Y/%m/%d}/[{version}]{environment_id}"


_DEFAULTS: dict[str, str] = {  # not reserved: a function's own value wins
    "LANG": "en_US.UTF-8",
    "TZ": ":UTC",
    "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
    "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
}


def _application_level(version: FunctionVersion) -> str:
    if version.logging.log_format != "JSON":
        return ""
    return version.logging.application_level or "INFO"


def _logging(version: FunctionVersion) -> Mapping[str, str]:
    """Set only for LogFormat JSON (docs: monitoring-cloudwatchlogs-log-level, custom runtimes)."""
    level = _application_level(version)
    return {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": level} if level else {}
