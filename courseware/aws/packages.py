"""Names written into a function's own code: a lab that says ``TABLE = "order-saga-shop"`` there means the table it made."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

# A whole text with a hyphen in it, or the value of a constant (``TABLE = "parts"``).
_LITERAL = re.compile(r"""((?:^[A-Z][A-Z0-9_]* = ["'])|["'](?=[A-Za-z0-9_/]*-))([A-Za-z0-9_/-]+)(?=["'])""", re.MULTILINE)
_BYTES_MAX = 5_000_000  # a lab's own code is small; what is larger is a library's


def renamed(package: bytes, outward: Callable[[str], str]) -> bytes:
    """The same package, with known names in its Python files replaced where they are a whole text.

    Elsewhere a name without a hyphen cannot be told from a word of the program; such a name has to come by the environment.
    """
    if len(package) > _BYTES_MAX or not zipfile.is_zipfile(io.BytesIO(package)):
        return package
    made, is_changed = io.BytesIO(), False
    with zipfile.ZipFile(io.BytesIO(package)) as given, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in given.infolist():
            content = given.read(entry)
            if entry.filename.endswith(".py"):
                text = content.decode("utf-8", "surrogateescape")
                content = _LITERAL.sub(lambda found: found[1] + outward(found[2]), text).encode("utf-8", "surrogateescape")
                is_changed = is_changed or content != text.encode("utf-8", "surrogateescape")
            new.writestr(entry, content)
    return made.getvalue() if is_changed else package
