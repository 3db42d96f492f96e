from __future__ import annotations

import pytest

from sandbox.errors import AwsError
from sandbox.invocation.request_checks import checked_payload, error_type_of


@pytest.mark.parametrize("payload", [b"1", b'"text"', b"null", b"[]", b' {"a": 1}\n', '"é"'.encode()])
def test_any_json_value_is_an_event(payload: bytes) -> None:
    assert checked_payload(payload) is payload


@pytest.mark.parametrize("payload", [b" ", b"{", b"[1,]", b"{} {}", b"Infinity", b'{"a" 1}', b"01", b"\xff\xfe", b'"\x01"'])
def test_anything_else_is_refused_with_a_reason(payload: bytes) -> None:
    with pytest.raises(AwsError) as caught:
        checked_payload(payload)
    assert caught.value.code == "InvalidRequestContentException"
    assert str(caught.value.message).count("json: ") >= 2


def test_the_type_of_an_error_document_is_found_or_empty() -> None:
    assert error_type_of(b'{"errorType": "KeyError"}') == "KeyError"
    assert error_type_of(b"[]") == ""
    assert error_type_of(b"not json") == ""
