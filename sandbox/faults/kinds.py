"""The kinds of fault: which patterns say what is hit, and which members say what it suffers.

``call`` is an API call at the gate; ``invocation`` a function's run; ``throttle`` Lambda refusing one; ``init`` a function's
INIT; ``environment`` the loss of an execution environment; ``delivery`` an event on its way; ``clock`` a caller's clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.errors import LearnerError
from sandbox.faults import fields

LATENCY_S_MAX = 900.0
DUPLICATES_MAX = 10
DELAY_S_MAX = 86_400.0
SKEW_S_MAX = 366 * 86_400.0

_MOMENTS = ("start", "end", "idle")
_RESPONSE_KEYS = ("status", "content_type", "body")

Effect = dict[str, Any]
"""The rule's own members, defaults filled in, as they are shown."""


@dataclass(frozen=True, slots=True)
class Kind:
    """``read`` gives the effect as it is shown, ``made`` the same as fields of a Fault."""

    patterns: tuple[str, ...]
    members: tuple[str, ...]
    read: Callable[[Mapping[str, Any]], Effect]

    def made(self, effect: Effect) -> dict[str, Any]:
        fault = {key: value for key, value in effect.items() if key not in ("error", "response", "when")}
        fault |= effect.get("error", {})
        if "when" in effect:
            fault["moment"] = effect["when"]
        if "response" in effect:
            given = effect["response"]
            headers = {"content-type": given["content_type"]}
            fault["response"] = {"statusCode": given["status"], "headers": headers, "body": given["body"]}
        return fault


def _call(rule: Mapping[str, Any]) -> Effect:
    effect = _some(error=fields.error(rule.get("error"), 400), latency_s=_latency(rule))
    if not effect:
        raise LearnerError("A fault rule needs an effect: 'error' (with a 'code') or 'latency_s' (seconds).")
    return effect


def _invocation(rule: Mapping[str, Any]) -> Effect:
    effect = _some(
        error=fields.function_error(rule.get("error")), response=_response(rule.get("response")), latency_s=_latency(rule)
    )
    if not effect:
        raise LearnerError(
            "A rule for invocations needs an effect: 'error' (with a 'code'), 'response' or 'latency_s' (seconds)."
        )
    if "error" in effect and "response" in effect:
        raise LearnerError("An invocation ends with an 'error' or with a 'response', not with both.")
    run = fields.flag(rule, "run")
    if run and not {"error", "response"} & set(effect):
        raise LearnerError("'run' says whether the handler runs before an injected 'error' or 'response'; there is none here.")
    return {**effect, **_some(run=run)}


def _throttle(rule: Mapping[str, Any]) -> Effect:
    default = {"code": "TooManyRequestsException", "message": "Rate Exceeded.", "status": 429}
    return {"error": fields.error(rule.get("error"), 500) or default}


def _init(rule: Mapping[str, Any]) -> Effect:
    """Without anything the runtime crashes: Runtime.ExitError."""
    effect = _some(error=fields.function_error(rule.get("error")), latency_s=_latency(rule))
    if len(effect) > 1:
        raise LearnerError("An INIT fails with an 'error' or takes 'latency_s' longer; make two rules for both.")
    return effect


def _environment(rule: Mapping[str, Any]) -> Effect:
    after_s = fields.number(rule, "after_s", 0.0, 0.0, LATENCY_S_MAX)
    when = rule.get("when")
    if after_s and when is not None:
        raise LearnerError("Say 'when' an environment is lost or 'after_s' how many seconds of running, not both.")
    if after_s:
        return {"after_s": after_s}
    if when is not None and when not in _MOMENTS:
        raise LearnerError(f"'when' an environment is lost is one of {', '.join(_MOMENTS)}.")
    return {"when": when or "end"}


def _delivery(rule: Mapping[str, Any]) -> Effect:
    effect = _some(
        duplicates=fields.whole(rule, "duplicates", DUPLICATES_MAX), delay_s=fields.number(rule, "delay_s", 0.0, 0.0, DELAY_S_MAX)
    )
    if not effect:
        raise LearnerError("A rule for deliveries needs an effect: 'duplicates' (a number) or 'delay_s' (seconds).")
    return effect


def _clock(rule: Mapping[str, Any]) -> Effect:
    skew_s = fields.number(rule, "skew_s", 0.0, -SKEW_S_MAX, SKEW_S_MAX)
    if not skew_s:
        raise LearnerError("A rule for clocks needs 'skew_s': by how many seconds the clock is ahead, negative if it is behind.")
    return {"skew_s": skew_s}


def _latency(rule: Mapping[str, Any]) -> float:
    return fields.number(rule, "latency_s", 0.0, 0.0, LATENCY_S_MAX)


def _response(given: Any) -> dict[str, Any]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise LearnerError("'response' is an object with a 'status' and perhaps a 'content_type' and a 'body'.")
    fields.known(given, _RESPONSE_KEYS, "'response'")
    status = given.get("status")
    if isinstance(status, bool) or not isinstance(status, int) or not 0 <= status <= 999:
        raise LearnerError("'status' of a response is a number from 0 to 999.")
    content_type, body = given.get("content_type", "application/json"), given.get("body", "")
    if not isinstance(content_type, str) or not isinstance(body, str):
        raise LearnerError("'content_type' and 'body' of a response are texts.")
    return {"status": status, "content_type": content_type, "body": body}


def _some(**members: Any) -> Effect:
    return {key: value for key, value in members.items() if value}


_OF_FUNCTION = ("resource", "source")
KINDS: dict[str, Kind] = {
    "call": Kind(("service", "operation", "resource", "caller"), ("error", "latency_s"), _call),
    "invocation": Kind(_OF_FUNCTION, ("error", "response", "run", "latency_s"), _invocation),
    "throttle": Kind(_OF_FUNCTION, ("error",), _throttle),
    "init": Kind(("resource",), ("error", "latency_s"), _init),
    "environment": Kind(_OF_FUNCTION, ("when", "after_s"), _environment),
    "delivery": Kind(_OF_FUNCTION, ("duplicates", "delay_s"), _delivery),
    "clock": Kind(("service", "caller", "resource"), ("skew_s",), _clock),
}
