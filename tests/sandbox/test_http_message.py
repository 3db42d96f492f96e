"""HTTP as data."""

from __future__ import annotations

from sandbox.http_message import HttpRequest, HttpResponse


def test_header_names_are_found_in_any_case_and_repeats_are_joined() -> None:
    request = HttpRequest("GET", "/", "", [("Host", "a"), ("X-Two", "1"), ("x-two", "2")])
    assert (request.host, request.header("X-TWO"), request.header("absent", "none")) == ("a", "1,2", "none")


def test_query_pairs_keep_order_repeats_and_blanks() -> None:
    assert HttpRequest("GET", "/", "b=2&a=%20&b=", []).query_pairs() == [("b", "2"), ("a", " "), ("b", "")]


def test_a_response_header_is_found_in_any_case() -> None:
    assert HttpResponse(200, [("Content-Type", "text/plain")]).header("content-type") == "text/plain"
