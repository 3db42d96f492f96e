"""What a state sees: its input and the context object; paths and payload templates are resolved here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sandbox.ids import Ids
from sandbox.workflows import intrinsic
from sandbox.workflows.failure import RUNTIME, Failure
from sandbox.workflows.paths import PathMissing, PathRefused, put, select


@dataclass(frozen=True, slots=True)
class Scope:
    """Implements ``intrinsic.Values``. ``data`` is what ``$`` stands for, ``context`` what ``$$`` does."""

    data: Any
    context: Mapping[str, Any]
    ids: Ids

    def over(self, data: Any) -> Scope:
        return replace(self, data=data)

    def at(self, path: str) -> Any:
        """Raises Failure where the path leads to nothing."""
        try:
            return select(dict(self.context), path[1:]) if path.startswith("$$") else select(self.data, path)
        except PathMissing:
            raise Failure(RUNTIME, f"Invalid path '{path}': No results for path") from None
        except PathRefused as error:
            raise Failure(RUNTIME, f"Invalid path '{path}': {error}") from None

    def draw(self) -> float:
        return self.ids.draw()

    def uuid(self) -> str:
        return self.ids.uuid()

    def value(self, text: str) -> Any:
        """A path or a call of an intrinsic function."""
        return intrinsic.evaluate(text, self) if intrinsic.is_call(text) else self.at(text)

    def filled(self, template: Any) -> Any:
        """A payload template: ``"name.$": "$.path"`` becomes ``"name": value``."""
        if isinstance(template, dict):
            return dict(self._member(name, value) for name, value in template.items())
        if isinstance(template, list):
            return [self.filled(each) for each in template]
        return template

    def selected(self, path: str | None) -> Any:
        """InputPath and OutputPath: everything by default, an empty object for null."""
        return {} if path is None else self.at(path)

    def _member(self, name: str, value: Any) -> tuple[str, Any]:
        if not name.endswith(".$"):
            return name, self.filled(value)
        try:
            return name[:-2], self.value(str(value))
        except Failure as failure:
            if failure.error != RUNTIME or intrinsic.is_call(str(value)):
                raise
            cause = f"The JSONPath '{value}' specified for the field '{name}' could not be found in the input"
            raise Failure(RUNTIME, cause) from None


def placed(state: Mapping[str, Any], given: Any, result: Any) -> Any:
    """The result put into the input by ResultPath: instead of it by default, left out for null."""
    path = state.get("ResultPath", "$")
    if path is None:
        return given
    try:
        return put(given, path, result)
    except PathMissing:
        cause = f"Unable to apply ReferencePath {path} to input"
        raise Failure("States.ResultPathMatchFailure", cause) from None
