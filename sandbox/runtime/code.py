"""A function's or layer's package as bytes, with what AWS shows of it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Code:
    """A validated zip package. ``sha256`` is base64 as AWS shows it; ``digest`` its hex form, used as a directory name."""

    data: bytes = field(repr=False)
    sha256: str = ""
    digest: str = ""
    unzipped_bytes: int = 0

    @property
    def size(self) -> int:
        return len(self.data)
