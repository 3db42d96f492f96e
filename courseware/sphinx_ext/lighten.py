"""Takes the theme's icon library out of what a page loads: half a megabyte of font, rules and script for a dozen icons.

The icons come as masks from ``icons.css`` (made by ``courseware/web/bundle.mjs``); here the theme's own go.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx

_FONT_FACE = re.compile(r"@font-face\{[^{}]*Font Awesome\\ 6[^{}]*\}")
_RULE = re.compile(r"(?<=[{}])([^{}@;]+)\{([^{}]*)\}")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_CLASS = re.compile(r"\.((?:[\w-]|\\.)+)")
_COMPLETED = "bs-"  # Bootstrap puts such names together when it shows a tooltip: no script holds them whole
_WORD = re.compile(r"[\w-]+")
_ICON_RULE = re.compile(r"(?:\.fa-[\w-]+::?before,?)+\{[^{}]*\}")


def lighten_theme(app: Sphinx, error: Exception | None) -> None:
    """After a build of html: rewrite the theme's style sheet once, drop the files it no longer names."""
    static = Path(app.outdir) / "_static"
    sheet = static / "styles" / "pydata-sphinx-theme.css"
    if error is not None or app.builder.format != "html" or not sheet.is_file():
        return
    text = sheet.read_text("utf-8")
    lighter = without_unused_classes(without_icon_library(text), _words(Path(app.outdir)))
    if lighter != text:
        sheet.write_text(lighter, "utf-8")
    shutil.rmtree(static / "vendor" / "fontawesome", ignore_errors=True)
    for name in ("fontawesome.js", "fontawesome.js.map", "fontawesome.js.LICENSE.txt"):
        (static / "scripts" / name).unlink(missing_ok=True)


def without_icon_library(css: str) -> str:
    """The style sheet without Font Awesome's fonts and its two thousand glyph rules."""
    return _ICON_RULE.sub("", _FONT_FACE.sub("", css))


def without_unused_classes(css: str, words: set[str]) -> str:
    """Without the selectors that ask for a class no page and no script ever names: most of Bootstrap, and parts of the theme."""

    def can_match(selector: str) -> bool:
        asked = selector
        while (bare := _BRACKETS.sub("", asked)) != asked:
            asked = bare
        names = (name.replace("\\", "") for name in _CLASS.findall(asked))
        return all(name in words or name.startswith(_COMPLETED) for name in names)

    def keep(rule: re.Match[str]) -> str:
        selectors = [selector for selector in _selectors(rule[1]) if can_match(selector)]
        return f"{','.join(selectors)}{{{rule[2]}}}" if selectors else ""

    return _RULE.sub(keep, css)


def _selectors(text: str) -> Iterator[str]:
    """Split at the commas outside of brackets."""
    begin = depth = 0
    for at, sign in enumerate(text):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            yield text[begin:at]
            begin = at + 1
    yield text[begin:]


def _words(outdir: Path) -> set[str]:
    files = [*outdir.rglob("*.html"), *outdir.glob("_static/**/*.js")]
    return {word for file in files for word in _WORD.findall(file.read_text("utf-8", "replace"))}
