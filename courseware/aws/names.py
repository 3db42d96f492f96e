"""The lab's names and the account's: ``hello-url`` in a cell is ``course-ada-function-url-hello-url`` on AWS."""

from __future__ import annotations

import re
from collections.abc import Iterable

# What a name is made of, so that `photos` is not found in `photos-in-1`, nor a name that has its prefix already.
_BEFORE, _AFTER = r"(?<![A-Za-z0-9_-])", r"(?![A-Za-z0-9_-])"

# A secret's ARN ends with six characters of AWS's choosing after its name, which a policy may write as ??????.
_OF_SECRET, _SUFFIX = r"(?<=:secret:)", r"(?=-(?:[A-Za-z0-9]{6}|\?{6})(?![A-Za-z0-9_-]))"


class Names:
    """Both directions. ``outward`` puts the prefix before every known name that stands alone; ``inward`` takes prefixes away.

    A name becomes known because ``lab.toml`` says it, because something was created under it, or because an answer held it with
    its prefix: AWS makes longer names of given ones, such as a secret's ARN or what a stack holds.
    """

    def __init__(self, prefix: str, known: Iterable[str] = ()) -> None:
        self.prefix = prefix
        self._known: set[str] = set()
        self._prefixed_name = re.compile(re.escape(prefix) + r"([A-Za-z0-9_-]+)")
        self._pattern = re.compile(r"(?!)")
        self.learn(known)

    def learn(self, names: Iterable[str]) -> None:
        new = {name.replace(self.prefix, "") for name in names} - self._known - {""}
        if new:
            self._known |= new
            longest_first = sorted(self._known, key=lambda name: (-len(name), name))
            any_name = f"(?:{'|'.join(map(re.escape, longest_first))})"
            self._pattern = re.compile(f"{_BEFORE}{any_name}{_AFTER}|{_OF_SECRET}{any_name}{_SUFFIX}")

    def real(self, name: str) -> str:
        """The name on AWS. In a path such as ``/orders/table`` or ``/aws/lambda/f`` the prefix stands before one of its parts."""
        if self.prefix in name:
            return name
        outward = self.outward(name)
        if self.prefix in outward:
            return outward
        root = "/" if name.startswith("/") else ""
        return root + self.prefix + name.removeprefix("/")

    def outward(self, text: str) -> str:
        return self._pattern.sub(lambda match: self._prefixed(match[0]), text)

    def long(self, chars_max: int) -> list[str]:
        """Known names that would be too long with their prefix."""
        return sorted(self.prefix + name for name in self._known if len(self.prefix + name) > chars_max)

    def inward(self, text: str) -> str:
        if self.prefix not in text:
            return text
        self.learn(self._prefixed_name.findall(text))
        return text.replace(self.prefix, "")

    def _prefixed(self, name: str) -> str:
        return f"/{self.prefix}{name[1:]}" if name.startswith("/") else self.prefix + name
