"""Which function a caller means: a name, ``name:qualifier``, ``account:function:name`` or an ARN, qualified or not."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from sandbox.arn import function_arn
from sandbox.errors import AwsError
from sandbox.functions import refusals
from sandbox.functions.function import LATEST

_FUNCTION_NAME = re.compile(
    r"(?:arn:aws[a-zA-Z-]*:lambda:)?"
    r"(?:(?P<region>(?:eusc-)?[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d):)?"
    r"(?:(?P<account>\d{12}):)?"
    r"(?:function:)?"
    r"(?P<name>[a-zA-Z0-9-_.]+)"
    r"(?::(?P<qualifier>\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9-_]+))?"
)
_VERSION = re.compile(r"[0-9]+")
_ALIAS = re.compile(r"(?![0-9]+$)[a-zA-Z0-9-_]+")
_PATTERN_TEXT = (
    r"(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?"
    r"([a-zA-Z0-9-_\.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?"
)


class Written(NamedTuple):
    """The parts as they stand in the text; an empty string where it is silent."""

    region: str
    account_id: str
    name: str
    qualifier: str


class Locator(NamedTuple):
    """A function in one account and region; ``qualifier`` is empty when the caller gave none."""

    account_id: str
    region: str
    name: str
    qualifier: str = ""

    @property
    def arn(self) -> str:
        return function_arn(self.region, self.account_id, self.name)

    @property
    def qualified_arn(self) -> str:
        """With ``:$LATEST`` where the caller was silent, as Invoke and the event-invoke operations answer."""
        return f"{self.arn}:{self.qualifier or LATEST}"

    @property
    def arn_as_asked(self) -> str:
        return f"{self.arn}:{self.qualifier}" if self.qualifier else self.arn


def malformed(text: str) -> AwsError:
    return refusals.constraint(text, "functionName", f"Member must satisfy regular expression pattern: {_PATTERN_TEXT}")


@lru_cache(maxsize=4096)
def read(text: str) -> Written:
    """Raises AWS's ValidationException when ``text`` names no function in any of the accepted forms."""
    match = _FUNCTION_NAME.fullmatch(text)
    if match is None:
        raise malformed(text)
    parts = match.groupdict(default="")
    return Written(parts["region"], parts["account"], parts["name"], parts["qualifier"])


def locate(text: str, qualifier: str | None, account_id: str, region: str) -> Locator:
    """Raises AwsError for another region's ARN, and for a qualifier that contradicts the one inside the name."""
    written = read(text)
    if written.region and written.region != region:
        raise refusals.not_found(f"Functions from '{written.region}' are not reachable in this region ('{region}')")
    if qualifier and written.qualifier and qualifier != written.qualifier:
        raise refusals.invalid("The derived qualifier from the function name does not match the specified qualifier.")
    return Locator(written.account_id or account_id, region, written.name, qualifier or written.qualifier)


def is_version(qualifier: str) -> bool:
    return _VERSION.fullmatch(qualifier) is not None


def is_alias(qualifier: str) -> bool:
    return _ALIAS.fullmatch(qualifier) is not None
