"""Multiplies."""

import os

FACTOR = int(os.environ["FACTOR"])


def handler(event, context):
    return {"result": event["number"] * FACTOR}
