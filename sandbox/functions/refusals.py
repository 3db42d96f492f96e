"""The errors of the Lambda API, spelled as AWS spells them.

Recorded answers (localstack/localstack, tests/aws/services/lambda_/test_lambda_api.snapshot.json) carry ``Type: "User"`` on every
modelled error; ValidationException and RequestEntityTooLargeException are not in the model and carry nothing.
"""

from __future__ import annotations

from sandbox.errors import AwsError

_USER = {"Type": "User"}
MISSING = "The resource you requested does not exist."


def invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterValueException", message, 400, fields=_USER)


def validation(*failures: str) -> AwsError:
    """What the front of the service says before the request reaches Lambda itself: constraints of the API model."""
    plural = "s" if len(failures) > 1 else ""
    return AwsError("ValidationException", f"{len(failures)} validation error{plural} detected: {'; '.join(failures)}", 400)


def constraint(value: object, path: str, text: str) -> AwsError:
    shown = "null" if value is None else f"'{value}'"
    return validation(f"Value {shown} at '{path}' failed to satisfy constraint: {text}")


def not_found(message: str = MISSING) -> AwsError:
    return AwsError("ResourceNotFoundException", message, 404, fields=_USER)


def no_function(arn: str) -> AwsError:
    return not_found(f"Function not found: {arn}")


def conflict(message: str) -> AwsError:
    return AwsError("ResourceConflictException", message, 409, fields=_USER)


def in_use(message: str) -> AwsError:
    return AwsError("ResourceInUseException", message, 400, fields=_USER)


def stale_revision(reader: str = "GetFunction/GetAlias") -> AwsError:
    return AwsError(
        "PreconditionFailedException",
        "The Revision Id provided does not match the latest Revision Id. "
        f"Call the {reader} API to retrieve the latest Revision Id",
        412,
        fields=_USER,
    )


def too_large(message: str) -> AwsError:
    return AwsError("RequestEntityTooLargeException", message, 413)


def access_denied(message: str | None = None) -> AwsError:
    return AwsError("AccessDeniedException", message, 403)


def unsupported(what: str) -> AwsError:
    """Our own answer, not AWS's: it names what this account leaves out, so that nothing fails silently."""
    return AwsError("NotImplemented", f"{what} is not supported by this local account.", 501)
