"""One seeded source of randomness: a run with the same seed makes the same ids and the same draws."""

from __future__ import annotations

import random
import string

_BASE36 = string.ascii_lowercase + string.digits
_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in string.hexdigits[:16]}  # the two high bits of octet 8 are 10
_KEY_ALPHABET = string.ascii_uppercase + "234567"  # base32, as in AWS access key ids
_SECRET_ALPHABET = string.ascii_letters + string.digits + "+/"


class Ids:
    """Identifiers in AWS's spellings, and ``draw`` for weighted choices. ``seed`` is printed so that a run can be replayed."""

    def __init__(self, seed: int | None = None) -> None:
        self.seed = random.SystemRandom().getrandbits(32) if seed is None else seed
        self._random = random.Random(self.seed)
        self._system = random.SystemRandom()
        self._marked = self._random.getstate()

    def mark(self) -> None:
        """The point ``restart`` goes back to: whatever was given out before must not come again."""
        self._marked = self._random.getstate()

    def restart(self) -> None:
        """As at the mark: the same calls get the same ids again (a reset of the account)."""
        self._random.setstate(self._marked)

    def uuid(self) -> str:
        """Version 4. Written out by hand: ``uuid.UUID`` costs four times as much, and every call has one."""
        text = f"{self._random.getrandbits(128):032x}"
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{_VARIANT[text[16]]}{text[17:20]}-{text[20:]}"

    def hex(self, digits: int) -> str:
        return f"{self._random.getrandbits(digits * 4):0{digits}x}"

    def base36(self, length: int) -> str:
        return "".join(self._random.choices(_BASE36, k=length))

    def draw(self) -> float:
        """Uniform in [0, 1): alias weights, fault probabilities."""
        return self._random.random()

    def unique_id(self, prefix: str) -> str:
        """``AIDA…``, ``AROA…``: 21 characters, as IAM's unique ids."""
        return prefix + "".join(self._random.choices(_KEY_ALPHABET, k=17))

    def access_key_id(self, prefix: str = "AKIA") -> str:
        return prefix + "".join(self._random.choices(_KEY_ALPHABET, k=16))

    def secret(self, length: int = 40) -> str:
        """Never seeded: a secret that replays from a printed seed is no secret."""
        return "".join(self._system.choices(_SECRET_ALPHABET, k=length))
