"""An invocation's outcome in the words of the three Invoke operations (Lambda API reference; headers as recorded)."""

from __future__ import annotations

import base64
import json

from sandbox.front_door.event_stream import encode_event
from sandbox.http_message import HeaderList, HttpResponse
from sandbox.invocation.call import Answer


def of_invoke(answer: Answer, request_id: str, trace_header: str) -> HttpResponse:
    """200 with the payload, 202 and 204 without; the error and the log tail travel in headers."""
    headers: HeaderList = [("Content-Type", "application/json"), ("x-amzn-RequestId", answer.request_id or request_id)]
    if answer.status == 200:
        headers.append(("x-amzn-Remapped-Content-Length", "0"))
        headers.append(("X-Amz-Executed-Version", answer.executed_version))
        if answer.function_error:
            headers.append(("X-Amz-Function-Error", answer.function_error))
        if answer.log_tail:
            headers.append(("X-Amz-Log-Result", base64.b64encode(answer.log_tail).decode("ascii")))
    headers.append(("X-Amzn-Trace-Id", trace_header))
    return HttpResponse(answer.status, headers, answer.payload)


def of_invoke_async(request_id: str) -> HttpResponse:
    """The deprecated operation answers with the status once more, in the body."""
    return HttpResponse(202, [("Content-Type", "application/json"), ("x-amzn-RequestId", request_id)], b'{"Status":202}')


def payload_chunk(data: bytes) -> bytes:
    return encode_event("PayloadChunk", data)


def invoke_complete(answer: Answer) -> bytes:
    """The last message: ``ErrorCode`` and ``ErrorDetails`` when the function failed, the log tail when it was asked for."""
    members: dict[str, str] = {}
    if answer.function_error:
        members["ErrorCode"] = answer.function_error
        members["ErrorDetails"] = answer.payload.decode("utf-8", "replace")
    if answer.log_tail:
        members["LogResult"] = base64.b64encode(answer.log_tail).decode("ascii")
    return encode_event("InvokeComplete", json.dumps(members, separators=(",", ":")).encode(), "application/json")
