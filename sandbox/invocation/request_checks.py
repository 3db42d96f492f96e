"""What is refused before a function is looked for an environment: too large, or not JSON."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from sandbox.errors import AwsError

EMPTY_EVENT = b"{}"
_SOURCE_CHARS_MAX = 500
_VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
_EXPECTED = (  # Python's mistake, Jackson's words for it
    ("property name", "was expecting double-quote to start field name"),
    ("':' delimiter", "was expecting a colon to separate field name and value"),
    ("',' delimiter", "was expecting comma to separate entries"),
)


def too_large(bytes_max: int) -> AwsError:
    """As an oversized Invoke is answered on the wire: code RequestEntityTooLargeException, no Type (recorded responses, 2025/26).

    The API model calls the shape RequestTooLargeException; the header ``X-Amzn-Errortype`` does not.
    """
    return AwsError(
        "RequestEntityTooLargeException", f"Request must be smaller than {bytes_max} bytes for the InvokeFunction operation", 413
    )


def checked_payload(payload: bytes) -> bytes:
    """The event's bytes, ``{}`` for none; AwsError when they are no JSON (localstack's recorded wording, Jackson's reasons)."""
    if not payload:
        return EMPTY_EVENT
    try:
        _DECODER.decode(str(payload, "utf-8"))
    except UnicodeDecodeError as error:
        kind = "start" if error.reason.startswith("invalid start") else "middle"
        raise _not_json(f"Invalid UTF-8 {kind} byte 0x{payload[error.start]:02x}") from None
    except json.JSONDecodeError as error:
        raise _not_json(_reason(error)) from None
    except (ValueError, RecursionError) as error:
        raise _not_json(str(error)) from None
    return payload


def _not_json(reason: str) -> AwsError:
    message = f"Could not parse request body into json: Could not parse payload into json: {reason}"
    return AwsError("InvalidRequestContentException", message, 400, fields={"Type": "User"})


def _reason(error: json.JSONDecodeError) -> str:
    """AWS quotes its own parser; the kinds of mistake are told apart as that parser does, the exact positions are ours."""
    text, position = error.doc, error.pos
    where = f'\n at [Source: (byte[])"{text[:_SOURCE_CHARS_MAX]}"; line: {error.lineno}, column: {error.colno}]'
    if position >= len(text.rstrip()):
        return f"Unexpected end-of-input: expected close marker or a value{where}"
    char = text[position]
    if char.isalpha() and "Expecting value" in error.msg:
        token = text[position:].split(maxsplit=1)[0].rstrip(",}]")
        return f"Unrecognized token '{token}': was expecting {_VALUES}{where}"
    wanted = next((said for mistake, said in _EXPECTED if mistake in error.msg), f"expected a valid value {_VALUES}")
    return f"Unexpected character ('{char}' (code {ord(char)})): {wanted}{where}"


def _refuse_constant(name: str) -> NoReturn:
    """NaN and Infinity, which Python would read."""
    raise ValueError(f"Non-standard token '{name}': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow")


_DECODER: json.JSONDecoder = json.JSONDecoder(parse_constant=_refuse_constant)


def error_type_of(document: bytes) -> str:
    """``errorType`` of an error document; empty when there is none to be read."""
    try:
        parsed: Any = json.loads(document)
    except ValueError:
        return ""
    return str(parsed.get("errorType", "")) if isinstance(parsed, dict) else ""
