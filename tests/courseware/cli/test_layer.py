from __future__ import annotations

import argparse
import zipfile
from pathlib import Path

import pytest

from courseware.cli import layer
from courseware.errors import LearnerError, ToolError


def wheel(folder: Path, tag: str, package: str = "gadget") -> None:
    """A wheel with one module and nothing to depend on."""
    folder.mkdir(parents=True, exist_ok=True)
    info = f"{package}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{package}-1.0-{tag}.whl", "w") as archive:
        archive.writestr(f"{package}/__init__.py", f"TAG = {tag!r}\n")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: {tag}\n")
        archive.writestr(f"{info}/RECORD", "")


@pytest.fixture(name="wheels")
def wheels_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of earlier builds, on a machine without a network."""
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "state" / "wheels"


def build(*words: str) -> int:
    parser = argparse.ArgumentParser()
    layer.add_arguments(parser)
    return layer.run(parser.parse_args(["build", *words]))


def test_a_layer_has_its_libraries_under_python(wheels: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wheel(wheels, "cp313-cp313-manylinux_2_28_x86_64")
    wheel(wheels, "cp313-cp313-macosx_11_0_arm64")
    assert build("mine", "--requirement", "gadget") == 0
    with zipfile.ZipFile(tmp_path / "mine.zip") as archive:
        assert b"manylinux_2_28_x86_64" in archive.read("python/gadget/__init__.py")
    assert "mine.zip" in capsys.readouterr().out


def test_the_same_wheels_give_the_same_bytes(wheels: Path, tmp_path: Path) -> None:
    wheel(wheels, "py3-none-any")
    build("mine", "--requirement", "gadget", "--output", "one.zip")
    build("mine", "--requirement", "gadget", "--output", "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_the_other_processor_gets_its_own_wheel(wheels: Path, tmp_path: Path) -> None:
    wheel(wheels, "cp313-cp313-manylinux_2_28_x86_64")
    wheel(wheels, "cp313-cp313-manylinux_2_28_aarch64")
    build("mine", "--requirement", "gadget", "--architecture", "arm64")
    with zipfile.ZipFile(tmp_path / "mine.zip") as archive:
        assert b"aarch64" in archive.read("python/gadget/__init__.py")


def test_a_package_without_a_fitting_wheel_is_said(wheels: Path) -> None:
    wheel(wheels, "cp313-cp313-manylinux_2_39_x86_64")  # newer glibc than Lambda's
    with pytest.raises(ToolError, match=r"no wheels for Python 3.13 on x86_64 hold gadget"):
        build("mine", "--requirement", "gadget")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["mine"], "say what the layer is to hold"),
        (["a b", "--requirement", "x"], "is no layer name"),
        (["mine", "--requirement", "x", "--python", "3"], "is no Python version"),
        (["mine", "--requirement=--index-url=http://x"], "not options of pip"),
        (["mine", "--requirements-file", "nowhere.txt"], "there is no file nowhere.txt"),
    ],
)
def test_mistakes_in_the_call_are_named(wheels: Path, words: list[str], message: str) -> None:
    assert not wheels.exists()
    with pytest.raises(LearnerError, match=message):
        build(*words)
