from __future__ import annotations

from sandbox.functions.function import Code, LayerRef, Logging
from sandbox.runtime.environment import EnvironmentSpec
from tests.sandbox.invocation.small_account import SmallAccount

RESERVED = {  # docs: configuration-envvars, "Reserved environment variables" that apply to a Python function
    "_HANDLER",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_LAMBDA_RUNTIME_API",
    "LAMBDA_TASK_ROOT",
    "LAMBDA_RUNTIME_DIR",
}


def _spec(account: SmallAccount, **fields: object) -> EnvironmentSpec:
    account.function(**fields)  # type: ignore[arg-type]
    account.invoke()
    return account.runtime.specs[-1]


def test_every_reserved_variable_is_there_and_wins_over_the_functions_own() -> None:
    spec = _spec(SmallAccount(), variables={"TABLE": "orders", "AWS_REGION": "eu-west-1", "TZ": "Europe/Berlin"})
    assert set(spec.variables) >= RESERVED
    assert spec.variables["AWS_REGION"] == "us-east-1"
    assert spec.variables["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.14"
    assert (spec.variables["TABLE"], spec.variables["TZ"]) == ("orders", "Europe/Berlin")
    assert spec.variables["AWS_LAMBDA_INITIALIZATION_TYPE"] == "on-demand"


def test_the_credentials_are_the_roles_in_a_session_named_after_the_function() -> None:
    spec = _spec(SmallAccount())
    assert spec.variables["AWS_SESSION_TOKEN"] == "hello arn:aws:lambda:us-east-1:123456789012:function:hello"


def test_the_accounts_endpoint_is_read_when_the_environment_is_made() -> None:
    variables: dict[str, str] = {}
    account = SmallAccount(variables=variables)
    variables["AWS_ENDPOINT_URL"] = "http://127.0.0.1:4566"
    assert _spec(account).variables["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"


def test_the_stream_carries_the_environments_id() -> None:
    spec = _spec(SmallAccount())
    assert spec.variables["AWS_LAMBDA_LOG_STREAM_NAME"].endswith(f"[$LATEST]{spec.environment_id}")


def test_json_logging_is_told_to_the_runtime_with_its_default_level() -> None:
    spec = _spec(SmallAccount(), logging=Logging("JSON"))
    assert (spec.log_format, spec.application_log_level) == ("JSON", "INFO")
    assert spec.variables["AWS_LAMBDA_LOG_LEVEL"] == "INFO"
    assert "AWS_LAMBDA_LOG_LEVEL" not in _spec(SmallAccount()).variables


def test_code_and_layers_are_directories_in_the_order_of_the_configuration() -> None:
    layers = (LayerRef("arn:1", Code(b"", digest="one")), LayerRef("arn:2", Code(b"", digest="two")))
    spec = _spec(SmallAccount(), layers=layers)
    assert spec.code_dir.name == "digest"
    assert [folder.name for folder in spec.layer_dirs] == ["one", "two"]
