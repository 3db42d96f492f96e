"""Links lead to a page of this book, and their words say where."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from courseware.author.content import Content, Page
from courseware.author.finding import Finding
from courseware.author.prose import CODE, ROLE, Link

RULE = "links"
SAYS_NOTHING = {"here", "this", "this page", "click here", "link", "more", "read more"}
_FOREIGN = re.compile(r"[a-z][a-z0-9+.-]*:")


def check(content: Content) -> Iterator[Finding]:
    for page in content.pages.values():
        for link in page.document.links:
            wrong = _wrong(content, page, link)
            if wrong:
                yield Finding(page.path, link.line, RULE, wrong)


def _wrong(content: Content, page: Page, link: Link) -> str:
    words = link.words.strip(f" {CODE}{ROLE}").lower()
    if words in SAYS_NOTHING:
        return f"the words {words!r} do not say where the link leads"
    if _FOREIGN.match(link.target):
        return "" if link.target.startswith("https://") else f"{link.target} is not https"
    path, _, anchor = link.target.partition("#")
    if path:
        name = posixpath.normpath(posixpath.join(posixpath.dirname(page.name), path)).removesuffix(".md")
        if name not in content.pages:
            return f"{link.target} leads to no page of the book (looked for {name}.md)"
        page = content.pages[name]
    if anchor and anchor.startswith("fact-"):
        return ""
    return f"there is no heading #{anchor} in {page.path}" if anchor and anchor not in page.document.anchors else ""
