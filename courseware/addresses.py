"""AWS's own addresses in a notebook beside a local account: an API's ``https://….amazonaws.com`` is answered by that account.

Names of AWS lead to AWS from a notebook, and the account's APIs are not there. On a page the account itself takes such a call;
here ``urllib.request`` sends it over the account's HTTP address, with the name it was meant for as ``Host``.
"""

from __future__ import annotations

import http.client
import os
import urllib.request
from collections.abc import Mapping
from urllib.parse import urlsplit

from sandbox.front_door.inprocess import UrllibHandler
from sandbox.http_message import HttpResponse

_ENDPOINT = "AWS_ENDPOINT_URL"
_ANSWER_S_MAX = 60.0


def lead_to_the_account() -> None:
    """For ``urllib.request.urlopen``; again for another account does no harm."""
    urllib.request.install_opener(urllib.request.build_opener(_Handler(_sent)))


class _Handler(UrllibHandler):
    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse | None:
        """A cell that goes to AWS takes the account's address out of the environment: from there on AWS is AWS."""
        return super().https_open(request) if _ENDPOINT in os.environ else None


def _sent(url: str, method: str, headers: Mapping[str, str], body: bytes) -> HttpResponse:
    asked, account = urlsplit(url), urlsplit(os.environ[_ENDPOINT])
    target = (asked.path or "/") + (f"?{asked.query}" if asked.query else "")
    sent = {name: value for name, value in headers.items() if name.lower() != "host"} | {"Host": asked.netloc}
    connection = http.client.HTTPConnection(str(account.hostname), account.port, timeout=_ANSWER_S_MAX)
    try:
        connection.request(method, target, body or None, sent)
        answer = connection.getresponse()
        return HttpResponse(answer.status, answer.getheaders(), answer.read())
    finally:
        connection.close()
