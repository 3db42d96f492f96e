"""The control channel from outside, with the standard library alone: what the CLI and lab checks use."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from sandbox.control.face import ControlFace
from sandbox.errors import InternalError, LearnerError

_TIMEOUT_S = 600.0  # advancing hours with slow functions takes as long as the functions take
_ANSWER_BYTES_MAX = 64 * 1024 * 1024


class ControlClient(ControlFace):
    """One short connection per command. ``url`` and ``token`` are the account's ``control_url`` and ``control_token``."""

    def __init__(self, url: str, token: str, timeout_s: float = _TIMEOUT_S) -> None:
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise LearnerError(f"{url!r} is no control address; it looks like http://127.0.0.1:PORT")
        self.url = url
        self._host = parts.hostname
        self._port = parts.port or 80
        self._token = token
        self.timeout_s = timeout_s

    def environ(self) -> dict[str, str]:
        """Variables by which another process of the learner finds this channel; never for a function's environment."""
        return {"COURSE_CONTROL_URL": self.url, "COURSE_CONTROL_TOKEN": self._token}

    def ask(self, name: str, **params: Any) -> dict[str, Any]:
        """LearnerError when the account is gone, the token is not its own, or the command is refused."""
        connection = http.client.HTTPConnection(self._host, self._port, timeout=self.timeout_s)
        try:
            body = json.dumps(params).encode()
            headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
            connection.request("POST", f"/{name}", body, headers)
            response = connection.getresponse()
            status, answer = response.status, _document(response.read(_ANSWER_BYTES_MAX))
        except TimeoutError as error:
            raise LearnerError(f"the account at {self.url} did not answer {name} within {self.timeout_s:g} s") from error
        except (OSError, http.client.HTTPException) as error:
            raise LearnerError(f"no account answers at {self.url} ({error}); start one with `./course account`") from error
        finally:
            connection.close()
        if status == 200:
            return answer
        message = str(answer.get("error", {}).get("message", f"HTTP {status}"))
        if status >= 500:
            raise InternalError(f"{name}: {message}")
        raise LearnerError(message)


def _document(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body)
    except ValueError as error:
        raise LearnerError("what answers there is no control channel of an account; compare control_url") from error
    return parsed if isinstance(parsed, dict) else {}
