"""What may not lie in the repository, and words that mean somebody stopped half-way."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAYS_NOTHING = re.compile(r"(^|/)(utils?|helpers?|common|misc|constants|compat|shared)\.(py|js|mjs|ts)$")
UNFINISHED = re.compile(
    r"\b(TODO|FIXME|XXX)\b|raise NotImplementedError|pytest\.mark\.(skip|xfail)\b|^\s*except\s*:", re.MULTILINE
)
TEXT = {".py", ".js", ".mjs", ".ts", ".md", ".toml", ".yml", ".yaml", ".sh", ".cfg", ".ini"}


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    """What a clone gets; in an unpacked archive there is no git to ask, and every file that is there counts."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        return [name for name in listed.stdout.splitlines() if (ROOT / name).exists()]
    below = [ROOT / name for name in ("sandbox", "autograder", "courseware", "tests", "benchmarks", "docs", "book", "labs")]
    made_here = {"node_modules", "_build", "__pycache__", "assets"}
    files = [path for folder in below for path in folder.rglob("*") if path.is_file() and not made_here & set(path.parts)]
    return [path.relative_to(ROOT).as_posix() for path in files]


def test_every_file_name_says_what_is_inside(tracked: list[str]) -> None:
    assert [name for name in tracked if SAYS_NOTHING.search(name)] == []


def test_notebooks_are_generated_and_never_committed(tracked: list[str]) -> None:
    assert [name for name in tracked if name.endswith(".ipynb")] == []


def test_nothing_generated_is_committed(tracked: list[str]) -> None:
    generated = ("node_modules/", "_build/", "__pycache__/", ".course/", ".egg-info/")
    assert [name for name in tracked if any(part in name for part in generated)] == []


def test_no_file_says_that_it_is_unfinished(tracked: list[str]) -> None:
    ours = [name for name in tracked if Path(name).suffix == ".py" and name != "tests/tidy/test_names.py"]
    found = [name for name in ours if UNFINISHED.search((ROOT / name).read_text("utf-8"))]
    assert len(ours) > 50
    assert found == []


def test_text_is_utf_8_with_unix_line_ends_and_a_last_newline(tracked: list[str]) -> None:
    wrong = []
    for name in tracked:
        if Path(name).suffix in TEXT:
            content = (ROOT / name).read_bytes()
            content.decode("utf-8")
            if b"\r\n" in content or (content and not content.endswith(b"\n")):
                wrong.append(name)
    assert wrong == []
