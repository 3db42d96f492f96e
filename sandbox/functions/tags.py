"""Tags: at most fifty on a resource, none of them AWS's own."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.functions import refusals

TAGS_MAX = 50  # General reference, "Tag naming limits and requirements"


def checked(tags: Mapping[str, str]) -> dict[str, str]:
    """A copy, or AWS's refusal. Recorded: test_lambda_api, "Number of tags exceeds resource tag limit."."""
    if len(tags) > TAGS_MAX:
        raise refusals.invalid("Number of tags exceeds resource tag limit.")
    if any(key.lower().startswith("aws:") for key in tags):
        raise refusals.invalid("System tags (aws:) cannot be added, changed or removed by users.")
    return dict(tags)
