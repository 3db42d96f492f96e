"""A boto3 client whose requests end in this room instead of a socket; no gate, no signatures."""

from __future__ import annotations

import re
from io import BytesIO
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config

from sandbox.clock import Clock
from sandbox.control_plane import wire
from sandbox.control_plane.plane import ControlPlane
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest, HttpResponse
from sandbox.ids import Ids

_SCOPE = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/")


class _Raw(BytesIO):
    def stream(self, amt=65536, **_):
        while chunk := self.read(amt):
            yield chunk


class Plane(ControlPlane):
    def __init__(self, *, virtual=True, start=1_800_000_000.0, seed=7, account_id="123456789012"):
        super().__init__(Clock(virtual=virtual, start=start), Ids(seed), account_id=account_id)

    def request_of(self, prepared) -> HttpRequest:
        body = prepared.body if prepared.body is not None else b""
        if hasattr(body, "read"):
            body = body.read()
        body = body.encode() if isinstance(body, str) else bytes(body)
        url = urlsplit(prepared.url)
        headers = [(key, value.decode() if isinstance(value, bytes) else value) for key, value in prepared.headers.items()]
        headers.append(("Host", url.netloc))
        return HttpRequest(prepared.method, url.path or "/", url.query, headers, body, scheme=url.scheme)

    def answer(self, service: str, request: HttpRequest) -> HttpResponse:
        match = _SCOPE.search(request.header("authorization"))
        key, region = (match[1], match[2]) if match else ("", "us-east-1")
        credential = self.identities.credential(key)
        principal = credential.principal if credential else None
        account = principal.account_id if principal else self.identities.account_id
        try:
            call = wire.parse(service, request)
        except AwsError as error:
            return wire.serialise_error(service, None, error, request, "r-1")
        return self.services.handle(call, request, account, region, principal=principal)

    def client(self, service: str, *, credential=None, region="us-east-1", **config):
        credential = credential or self.identities.learner()
        client = boto3.client(
            service,
            region_name=region,
            aws_access_key_id=credential.access_key_id,
            aws_secret_access_key=credential.secret_access_key,
            aws_session_token=credential.session_token or None,
            config=Config(retries={"max_attempts": 0}, **config),
        )

        def before_send(request, **_):
            response = self.answer(service, self.request_of(request))
            headers = {key.lower(): value for key, value in response.headers}
            return AWSResponse(request.url, response.status, headers, _Raw(response.body))

        client.meta.events.register("before-send", before_send)
        return client


@pytest.fixture
def make_plane():
    """Makes isolated accounts; the moto state of each is dropped afterwards."""
    made = []

    def make(**options) -> Plane:
        made.append(Plane(**options))
        return made[-1]

    yield make
    for plane in made:
        plane.close()


@pytest.fixture
def plane(make_plane):
    return make_plane()
