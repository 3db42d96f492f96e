"""The environment variables of a function: what the invocation room decided, and what only the runtime knows.

Source: Lambda developer guide, "Using Lambda environment variables", table of reserved and unreserved variables.
"""

from __future__ import annotations

from sandbox.runtime.environment import EnvironmentSpec

_UNRESERVED = {
    "LANG": "en_US.UTF-8",
    "PATH": "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
    "LD_LIBRARY_PATH": "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib",
    "TZ": ":UTC",
}
_NODE_PATH = "/opt/nodejs/node{major}/node_modules:/opt/nodejs/node_modules:/var/runtime/node_modules:/var/runtime:/var/task"


def complete_variables(spec: EnvironmentSpec) -> dict[str, str]:
    """A function may set the unreserved ones itself; the reserved ones always hold AWS's value."""
    reserved = {
        "_HANDLER": spec.handler,
        "LAMBDA_TASK_ROOT": "/var/task",
        "LAMBDA_RUNTIME_DIR": "/var/runtime",
        "AWS_LAMBDA_FUNCTION_NAME": spec.function_name,
        "AWS_LAMBDA_FUNCTION_VERSION": spec.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(spec.memory_mb),
        "AWS_LAMBDA_LOG_FORMAT": spec.log_format,
    }
    if spec.application_log_level:
        reserved["AWS_LAMBDA_LOG_LEVEL"] = spec.application_log_level
    return {
        **_UNRESERVED,
        **_language(spec.runtime),
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{spec.runtime}",
        **spec.variables,
        **reserved,
    }


def _language(runtime: str) -> dict[str, str]:
    if runtime.startswith("nodejs"):
        return {"NODE_PATH": _NODE_PATH.format(major=runtime.removeprefix("nodejs").partition(".")[0])}
    return {"PYTHONPATH": "/var/runtime"} if runtime.startswith("python") else {}
