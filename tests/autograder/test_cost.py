"""What a lab costs on AWS, in words a reader would use."""

from __future__ import annotations

import pytest

from autograder.cost import cost_items


@pytest.mark.parametrize(
    ("price", "amount", "words"),
    [
        ("price_sqs_request_usd", 1200, "1,200 SQS requests"),
        ("price_nat_h_usd", 1, "1 NAT gateway-hour"),
        ("price_endpoint_h_usd", 2, "2 interface endpoint-zone-hours"),
        ("price_nat_gb_usd", 0.001, "0.001 GB through NAT"),
        ("price_x86_gb_s_usd", 40, "40 GB-s"),
    ],
)
def test_amounts_are_said_in_singular_and_plural(price, amount, words):
    (item,) = cost_items({price: amount})
    assert item.words == words
