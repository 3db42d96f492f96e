"""Stands in for the carrier's HTTP interface: every label costs money, and an island gets none. Not yours to change."""

import json
import zlib


class Refused(Exception):
    """The carrier will not take this parcel."""


def label_for(order, address):
    if "island" in address.lower():
        raise Refused("no delivery to this address at present")
    print(json.dumps({"level": "INFO", "said": "label issued", "order": order}))
    return f"P{zlib.crc32(order.encode()):010d}"
