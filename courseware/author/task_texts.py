"""What learners read outside of pages: texts of labs and assessments, what their checks say, their code, the explorers' words."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from courseware.author.prose import ROLE, read

_TOLD = {"title", "goal", "here_only", "hints", "text", "cost"}  # keys of lab.toml, assessment.toml, quiz.toml, rubric.toml
_REMARK = re.compile(r"(?:^|\s)#\s([^\n]+)")
_SAID = re.compile(r"(?:(?:^|\s)#\s|^\s*\w*Description:\s)(.+)")
_CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
_JS = re.compile(r'"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|//[^\n]*')
_CITED = re.compile(r',\s*"[A-Z]+-\d+"\]')  # after a claim of an explorer: the build holds its figures to that fact
_JS_VALUE = re.compile(r"\$\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Text:
    """``raw`` is as it stands in the file; in ``words`` a role, and what a program puts in, is one character."""

    path: Path
    line: int
    raw: str
    words: str


def task_texts(root: Path) -> Iterator[Text]:
    """Of the course below ``root``: every lab and assessment, templates too, and every explorer."""
    for folder in sorted([*root.glob("labs/*"), *root.glob("assessments/*")]):
        for path in sorted(folder.glob("*.toml")):
            yield from _of_toml(path)
        for path in sorted(folder.glob("README.md")):
            yield from _of_markdown(path)
        for path in sorted(folder.glob("lab.md")):
            yield from _of_cells(path)
        for path in sorted(folder.glob("checks/*.py")):
            yield from _of_python(path, path.read_text("utf-8"), 0, told=True)
        for path in sorted([*folder.glob("solution*/**/*.py"), *folder.glob("starter/**/*.py")]):
            yield from _of_python(path, path.read_text("utf-8"), 0, told=False)
        for path in sorted([*folder.glob("solution*/**/*.yaml"), *folder.glob("starter/**/*.yaml")]):
            yield from _of_template(path)
    for path in sorted(root.glob("courseware/web/src/explorers/*.js")):
        yield from _of_script(path)


def _of_toml(path: Path) -> Iterator[Text]:
    raw = path.read_text("utf-8")
    at = 0
    for words in _told(tomllib.loads(raw)):
        begins = re.split(r"[\"\\]", words.splitlines()[0] if words else "", maxsplit=1)[0]
        found = raw.find(begins, at)
        at = found + 1 if found >= 0 else at
        yield Text(path, raw[:at].count("\n") + 1, words, "\n".join(passage.text for passage in read(words).passages))


def _told(value: Any) -> Iterator[str]:
    """In the order of the file."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, dict) or (isinstance(inner, list) and inner and isinstance(inner[0], dict)):
                yield from _told(inner)
            elif key in _TOLD:
                yield from ([inner] if isinstance(inner, str) else inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _told(inner)


def _of_markdown(path: Path) -> Iterator[Text]:
    raw = path.read_text("utf-8")
    lines = raw.splitlines()
    for passage in read(raw).passages:
        count = passage.text.count("\n") + 1
        yield Text(path, passage.line, "\n".join(lines[passage.line - 1 : passage.line - 1 + count]), passage.text)


def _of_cells(path: Path) -> Iterator[Text]:
    raw = path.read_text("utf-8")
    for cell in _CELL.finditer(raw):
        code = re.sub(r"^(:[\w-]+:|[%!]).*$", "", cell[1], flags=re.MULTILINE)
        yield from _of_python(path, code, raw[: cell.start(1)].count("\n"), told=False)


def _of_python(path: Path, code: str, before: int, *, told: bool) -> Iterator[Text]:
    """Comments and docstrings, also those of code in a string; of a check, which has something to tell, every string.

    Whatever is put into a string is one character there; an f-string is one text.
    """
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return  # whoever runs it says so, and better
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in _strings(tree):
        words = "".join(str(part.value) if isinstance(part, ast.Constant) else ROLE for part in _parts(node))
        if not told and id(node) not in docstrings:
            words = "\n\n".join(_REMARK.findall(words))
        yield Text(path, before + node.lineno, words, "\n".join(passage.text for passage in read(words).passages))
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT:
            yield Text(path, before + token.start[0], token.string, token.string)


def _of_template(path: Path) -> Iterator[Text]:
    """What a template says to people: comments and descriptions."""
    for line, text in enumerate(path.read_text("utf-8").splitlines(), 1):
        if found := _SAID.search(text):
            yield Text(path, line, text, found[1])


def _strings(tree: ast.AST) -> Iterator[ast.Constant | ast.JoinedStr]:
    """All but the arguments of ``fact_words`` and ``limit_words``, which hold them to the fact themselves."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"fact_words", "limit_words"}:
            continue
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            yield node
        if isinstance(node, ast.JoinedStr):
            for inner in node.values:
                if isinstance(inner, ast.FormattedValue):
                    yield from _strings(inner)
        else:
            yield from _strings(node)


def _parts(node: ast.Constant | ast.JoinedStr) -> list[Any]:
    return list(node.values) if isinstance(node, ast.JoinedStr) else [node]


def _of_script(path: Path) -> Iterator[Text]:
    raw = path.read_text("utf-8")
    for found in _JS.finditer(raw):
        if not _CITED.match(raw, found.end()):
            line = raw[: found.start()].count("\n") + 1
            yield Text(path, line, found[0], _JS_VALUE.sub(ROLE, found[0]))
