"""What an order is, and what is none."""

import json
from dataclasses import dataclass


class BrokenOrder(ValueError):
    """Says which rule was broken, and nothing of the order."""


@dataclass(frozen=True)
class Order:
    id: str
    customer: str
    total: int


def read_order(body, quantity_max):
    try:
        found = json.loads(body)
    except ValueError:
        raise BrokenOrder("no JSON") from None
    if not isinstance(found, dict):
        raise BrokenOrder("no object")
    items = found.get("items")
    if not isinstance(items, list) or not items:
        raise BrokenOrder("no items")
    total = sum(cents_of(item, quantity_max) for item in items)
    return Order(text(found, "orderId"), text(found, "customer"), total)


def cents_of(item, quantity_max):
    if not isinstance(item, dict):
        raise BrokenOrder("an item is no object")
    text(item, "sku")
    return whole(item, "quantity", 1, quantity_max) * whole(item, "cents", 0, None)


def text(found, name):
    value = found.get(name)
    if not isinstance(value, str) or not value:
        raise BrokenOrder(f"{name} is no text")
    return value


def whole(found, name, least, most):
    value = found.get(name)
    if type(value) is not int or value < least or (most is not None and value > most):
        raise BrokenOrder(f"{name} is out of range")
    return value
