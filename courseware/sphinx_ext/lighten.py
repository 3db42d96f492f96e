"""Takes the theme's icon library out of what a page loads: half a megabyte of font, rules and script for a dozen icons.

The icons come as masks from ``icons.css`` (made by ``courseware/web/bundle.mjs``); here the theme's own go.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from sphinx.application import Sphinx

_FONT_FACE = re.compile(r"@font-face\{[^{}]*Font Awesome\\ 6[^{}]*\}")
_ICON_RULE = re.compile(r"(?:\.fa-[\w-]+::?before,?)+\{[^{}]*\}")


def lighten_theme(app: Sphinx, error: Exception | None) -> None:
    """After a build of html: rewrite the theme's style sheet once, drop the files it no longer names."""
    static = Path(app.outdir) / "_static"
    sheet = static / "styles" / "pydata-sphinx-theme.css"
    if error is not None or app.builder.format != "html" or not sheet.is_file():
        return
    text = sheet.read_text("utf-8")
    lighter = without_icon_library(text)
    if lighter != text:
        sheet.write_text(lighter, "utf-8")
    shutil.rmtree(static / "vendor" / "fontawesome", ignore_errors=True)
    for name in ("fontawesome.js", "fontawesome.js.map", "fontawesome.js.LICENSE.txt"):
        (static / "scripts" / name).unlink(missing_ok=True)


def without_icon_library(css: str) -> str:
    """The style sheet without Font Awesome's fonts and its two thousand glyph rules."""
    return _ICON_RULE.sub("", _FONT_FACE.sub("", css))
