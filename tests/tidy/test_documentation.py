"""Every command is documented, and what the documentation shows can be typed."""

from __future__ import annotations

import argparse
import importlib
import re
import shlex
from pathlib import Path

import pytest

from courseware.cli.main import COMMANDS

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "CONTRIBUTING.md", "docs/commands.md", "docs/aws_account.md")
EXAMPLE = re.compile(r"\./course ([a-z]+)([^`\n\")#]*)")


def parser(name: str) -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(exit_on_error=False)
    importlib.import_module(f"courseware.cli.{name}").add_arguments(made)
    return made


def test_every_command_has_its_file_and_every_file_its_command() -> None:
    files = {path.stem for path in (ROOT / "courseware" / "cli").glob("*.py")} - {"__init__", "__main__", "main", "control"}
    assert files == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_in_the_manual_and_its_help_has_examples(name: str) -> None:
    assert f"`{name}" in (ROOT / "docs" / "commands.md").read_text("utf-8")
    assert f"./course {name}" in importlib.import_module(f"courseware.cli.{name}").EXAMPLES


@pytest.mark.parametrize("name", COMMANDS)
def test_every_flag_says_what_it_does(name: str) -> None:
    assert [action.dest for action in parser(name)._actions if action.help is None] == []


def examples() -> list[tuple[str, str]]:
    texts = [(page, (ROOT / page).read_text("utf-8")) for page in PAGES]
    texts += [(name, importlib.import_module(f"courseware.cli.{name}").EXAMPLES) for name in COMMANDS]
    found = [(where, name, rest) for where, text in texts for name, rest in EXAMPLE.findall(text) if name in COMMANDS]
    # In a help text two blanks part the example from what it does.
    return sorted({(where, f"{name} {rest.split('  ')[0].strip()}") for where, name, rest in found})


@pytest.mark.parametrize(("where", "example"), examples())
def test_an_example_parses(where: str, example: str) -> None:
    if re.search(r"[|<…\[]|\b[A-Z]{3,}\b", example):  # a pattern such as `check LAB [--path DIR]`, not something to type
        return
    name, *arguments = shlex.split(example)
    assert parser(name).parse_known_args(arguments)[1] == [], where
