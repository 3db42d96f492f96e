"""Mapping templates: the part of the Velocity Template Language that API Gateway's mappings use (guide, "Mapping templates").

References, ``#set``, ``#if``/``#elseif``/``#else``, ``#foreach``, comments and expressions; no macros and no other templates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sandbox.front_door.velocity_expression import Expression
from sandbox.front_door.velocity_text import NAME, arguments, closing, reference_end
from sandbox.front_door.velocity_value import TemplateError, called, items, member, shown

_STEPS_MAX = 100_000
_OUTPUT_MAX = 10_485_760
_DIRECTIVE = re.compile(r"#\{?(set|if|elseif|else|end|foreach|break|stop)\}?")


class _Stop(Exception):
    """``#break`` and ``#stop``."""


def render(template: str, variables: Mapping[str, Any]) -> str:
    """``variables`` are values or objects whose callables a template may call: ``$input.json('$.x')``."""
    return _Template(template, dict(variables)).text()


class _Template:
    def __init__(self, source: str, scope: dict[str, Any]) -> None:
        self._source = source
        self._scope = scope
        self._at = 0
        self._steps = 0
        self._out: list[str] = []
        self._size = 0

    def text(self) -> str:
        try:
            ended = self._block(write=True)
        except _Stop:
            ended = ""
        if ended:
            raise TemplateError(f"#{ended} without a beginning")
        return "".join(self._out)

    # -- blocks

    def _block(self, *, write: bool) -> str:
        """Up to the directive that ends this block, whose name is returned; empty at the end of the template."""
        source = self._source
        while self._at < len(source):
            self._step()
            character = source[self._at]
            if character == "#":
                ended = self._hash(write=write)
                if ended:
                    return ended
            elif character == "$":
                self._dollar(write=write)
            else:
                stop = min(
                    (at for at in (source.find("#", self._at), source.find("$", self._at)) if at >= 0), default=len(source)
                )
                self._write(source[self._at : stop], write=write)
                self._at = stop
        return ""

    def _hash(self, *, write: bool) -> str:
        source = self._source
        if source.startswith("##", self._at):
            end = source.find("\n", self._at)
            self._at = len(source) if end < 0 else end + 1
            return ""
        if source.startswith("#*", self._at):
            end = source.find("*#", self._at)
            self._at = len(source) if end < 0 else end + 2
            return ""
        match = _DIRECTIVE.match(source, self._at)
        if match is None:
            self._write("#", write=write)
            self._at += 1
            return ""
        self._at = match.end()
        return self._directive(match[1], write=write)

    def _directive(self, name: str, *, write: bool) -> str:
        if name in ("end", "else", "elseif"):
            return name
        if name == "set":
            self._set(write=write)
            self._eat_line_end()
        elif name == "if":
            self._if(write=write)
        elif name == "foreach":
            self._foreach(write=write)
        elif write:
            raise _Stop
        return ""

    def _set(self, *, write: bool) -> None:
        inside = self._parentheses()
        name, equals, value = inside.partition("=")
        name = name.strip().lstrip("$!").strip("{} ")
        if not equals or not NAME.fullmatch(name):
            raise TemplateError(f"#set({inside}) assigns to no variable")
        if write:
            self._scope[name] = self._evaluate(value)

    def _if(self, *, write: bool) -> None:
        condition = self._parentheses()
        taken = write and bool(self._evaluate(condition))
        done = taken
        self._eat_line_end()
        ended = self._block(write=taken)
        while ended in ("elseif", "else"):
            if ended == "elseif":
                condition = self._parentheses()
                taken = write and not done and bool(self._evaluate(condition))
            else:
                taken = write and not done
            done = done or taken
            self._eat_line_end()
            ended = self._block(write=taken)
        if ended != "end":
            raise TemplateError("#if without #end")
        self._eat_line_end()

    def _foreach(self, *, write: bool) -> None:
        inside = self._parentheses()
        name, _, rest = inside.partition(" in ")
        name = name.strip().lstrip("$!").strip("{} ")
        self._eat_line_end()
        begin = self._at
        rows = items(self._evaluate(rest)) if write else []
        shadowed = {key: self._scope[key] for key in (name, "foreach", "velocityCount") if key in self._scope}
        for index, item in enumerate(rows):
            self._at = begin
            loop = {"index": index, "count": index + 1, "hasNext": index + 1 < len(rows), "first": index == 0}
            self._scope |= {name: item, "foreach": loop | {"last": index + 1 == len(rows)}, "velocityCount": index + 1}
            try:
                self._ended(self._block(write=True))
            except _Stop:
                break
        self._at = begin
        self._ended(self._block(write=False))
        for key in (name, "foreach", "velocityCount"):
            self._scope.pop(key, None)
        self._scope |= shadowed
        self._eat_line_end()

    @staticmethod
    def _ended(name: str) -> None:
        if name != "end":
            raise TemplateError("#foreach without #end")

    def _parentheses(self) -> str:
        """What is between the parentheses after a directive."""
        source, at = self._source, self._at
        while at < len(source) and source[at] in " \t":
            at += 1
        end = closing(source, at)
        self._at = end + 1
        return source[at + 1 : end]

    def _eat_line_end(self) -> None:
        source, at = self._source, self._at
        while at < len(source) and source[at] in " \t":
            at += 1
        if source.startswith("\r\n", at):
            self._at = at + 2
        elif source.startswith("\n", at):
            self._at = at + 1

    def _dollar(self, *, write: bool) -> None:
        begin = self._at
        found = reference_end(self._source, begin)
        if found is None:
            self._write("$", write=write)
            self._at += 1
            return
        self._at = found
        if not write:
            return
        text = self._source[begin:found]
        value = self._reference(text)
        if value is None:
            self._write("" if text.startswith("$!") else text, write=True)
        else:
            self._write(shown(value), write=True)

    # -- values

    def _evaluate(self, expression: str) -> Any:
        parser = Expression(expression, self._reference, self._interpolated)
        return parser.value()

    def _interpolated(self, text: str) -> str:
        return _Template(text, self._scope).text() if "$" in text or "#" in text else text

    def _reference(self, text: str) -> Any:
        """``$a.b(x)[0]`` with or without braces; None when a part of it is not there."""
        self._step()
        inner = text.lstrip("$!")
        inner = inner[1:-1] if inner.startswith("{") else inner
        match = NAME.match(inner)
        if match is None:
            return None
        value, at = self._scope.get(match[0]), match.end()
        while at < len(inner):
            if inner[at] == ".":
                name = NAME.match(inner, at + 1)
                if name is None:
                    break
                at = name.end()
                if at < len(inner) and inner[at] == "(":
                    end = closing(inner, at)
                    given = [self._evaluate(part) for part in arguments(inner[at + 1 : end])]
                    value, at = called(value, name[0], given), end + 1
                else:
                    value = member(value, name[0])
            elif inner[at] == "[":
                end = closing(inner, at)
                value, at = member(value, self._evaluate(inner[at + 1 : end])), end + 1
            else:
                break
        return value

    def _write(self, text: str, *, write: bool) -> None:
        if write:
            self._size += len(text)
            if self._size > _OUTPUT_MAX:
                raise TemplateError("the template writes too much")
            self._out.append(text)

    def _step(self) -> None:
        self._steps += 1
        if self._steps > _STEPS_MAX:
            raise TemplateError("the template does not end")
