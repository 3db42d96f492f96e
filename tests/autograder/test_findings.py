"""Static findings are hints: each from a linter, with file and line; a linter that fails says nothing."""

from __future__ import annotations

import pytest

from autograder import findings as module
from autograder.findings import findings
from autograder.source_tree import tree_of

TEMPLATE = b"""Resources:
  Worker:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: "arn:aws:iam::123456789012:role/worker", Code: {ZipFile: "1"}}
"""
CODE = b"try:\n    x = 1\nexcept:\n    pass\n"


def test_a_finding_has_a_file_a_line_and_a_rule() -> None:
    found = findings(tree_of({"template.yaml": TEMPLATE, "src/app.py": CODE}))
    assert any(line.startswith("src/app.py:3: ") for line in found)
    assert any(line.startswith("template.yaml:2: ES1006 ") for line in found)


def test_what_is_no_template_and_no_python_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CFN_LINT", ["-c", "raise SystemExit(3)"])
    assert all("src/app.py" in line for line in findings(tree_of({"template.yaml": b"[", "src/app.py": b"def :\n"})))


def test_a_linter_that_wants_all_memory_gets_two_gigabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    told = '[{"Location": {"Start": {"LineNumber": 1}}, "Rule": {"Id": "E0"}, "Message": "no more"}]'
    greedy = f"{module._BOUNDED}\ntry: bytearray(3 << 30)\nexcept MemoryError: print({told!r})"
    monkeypatch.setattr(module, "_CFN_LINT", ["-c", greedy])
    assert findings(tree_of({"template.yaml": TEMPLATE})) == ("template.yaml:1: E0 no more",)
