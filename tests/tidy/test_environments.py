"""pyproject.toml, the locks and environment.yml name the same things."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)
LOCKS = sorted(path for path in (ROOT / "requirements").glob("*.txt"))


def wanted() -> list[Requirement]:
    return [Requirement(line) for line in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]]]


def locked(name: str = "lock.txt") -> dict[str, set[Version]]:
    pins: dict[str, set[Version]] = {}
    for package, version in PIN.findall((ROOT / "requirements" / name).read_text("utf-8")):
        pins.setdefault(canonicalize_name(package), set()).add(Version(version))
    return pins


def test_the_lock_holds_everything_pyproject_asks_for_in_a_version_it_allows() -> None:
    pins = locked()
    missing = [
        str(need)
        for need in wanted()
        if not any(version in need.specifier for version in pins.get(canonicalize_name(need.name), ()))
    ]
    assert missing == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_locked_package_has_hashes(lock: Path) -> None:
    blocks = re.split(r"^(?=[A-Za-z0-9])", lock.read_text("utf-8"), flags=re.MULTILINE)
    bare = [block.splitlines()[0] for block in blocks if PIN.match(block) and "--hash=sha256:" not in block]
    assert PIN.search(lock.read_text("utf-8"))
    assert bare == []


def test_no_lock_names_an_index_or_a_folder_of_one_machine() -> None:
    assert [
        lock.name for lock in LOCKS if re.search(r"--(extra-)?index-url|--find-links|file:|@ ", lock.read_text("utf-8"))
    ] == []


def test_the_installer_is_the_one_in_the_lock() -> None:
    assert locked("uv.txt")["uv"] == locked()["uv"]


def test_conda_installs_the_same_python_range_and_the_same_lock() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    conda = {
        Requirement(re.sub(r"(?<![<>=!~])=(?!=)", "==", item)).name: Requirement(item)
        for item in environment["dependencies"]
        if isinstance(item, str)
    }
    pip = next(item["pip"] for item in environment["dependencies"] if isinstance(item, dict))
    assert conda["python"].specifier.contains(PROJECT["requires-python"].removeprefix(">="))
    assert not conda["python"].specifier.contains("3.10")
    assert "-r requirements/lock.txt" in pip
    assert environment["channels"] == ["conda-forge", "nodefaults"]
    assert int(next(iter(conda["nodejs"].specifier)).version.partition(".")[0]) >= 20


def test_what_conda_brings_itself_is_not_pinned_against_the_lock() -> None:
    """A package from conda-forge that pip would replace at once is a download for nothing, or worse a conflict."""
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    names = {canonicalize_name(re.split(r"[ <>=!]", item)[0]) for item in environment["dependencies"] if isinstance(item, str)}
    assert names & set(locked()) == set()
