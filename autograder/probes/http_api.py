"""What an HTTP or REST API of the stack answers to a stranger: called by its id on the account's own address, never by an address
that a submission wrote.
"""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from autograder.scene import Scene

ANSWER_BYTES_MAX = 1_000_000
PATIENCE_S = 60
_ID = re.compile(r"[a-z0-9]{1,32}")


@dataclass(frozen=True, slots=True)
class Answer:
    """``status`` is 0 when there is no such API; ``body`` the JSON that came, or the text that is none."""

    status: int
    body: Any


def call_api(scene: Scene, api: str, method: str, path: str, document: Any = None) -> Answer:
    """``path`` begins with a slash, and with the stage where that is not the default one."""
    if not _ID.fullmatch(api):
        return Answer(0, "")
    url = f"{scene.account.endpoint_url}/execute-api/{api}{path}"
    body = None if document is None else json.dumps(document).encode()
    headers = {} if body is None else {"content-type": "application/json"}
    request = urllib.request.Request(url, data=body, method=method, headers=headers)  # noqa: S310 - the account's own address
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310
            return Answer(answer.status, _read(answer.read(ANSWER_BYTES_MAX)))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, _read(error.read(ANSWER_BYTES_MAX)))


def _read(body: bytes) -> Any:
    text = body.decode("utf-8", "replace")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
