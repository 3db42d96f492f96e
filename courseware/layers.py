"""Lambda layers from wheels that fit Lambda's Linux, or this machine's Python when functions run here.

Lambda guide, "Packaging layers": libraries lie under ``python/``; wheels must be for Amazon Linux 2023 (glibc 2.34).
"""

from __future__ import annotations

import compileall
import hashlib
import platform
import py_compile
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from courseware.errors import ToolError
from courseware.place import state_folder

PLATFORMS = {"x86_64": "x86_64", "arm64": "aarch64"}
_GLIBC = ("2_34", "2_31", "2_28", "2_27", "2_26", "2_24", "2_17", "2_5")  # newest first; Amazon Linux 2023 has 2.34
_OLD_NAMES = ("2014", "2010")
_MOMENT = (2020, 1, 1, 0, 0, 0)  # the same wheels give the same bytes
_RUNTIMES_OWN = ("boto3", "botocore", "s3transfer")  # a layer need not bring what every function has
_LEFT_OUT = "bin"


def ready(layers: Mapping[str, tuple[str, ...]], state: Path | None = None) -> dict[str, Path]:
    """The layers an assessment asks for, for the Python that runs here: built once, then taken from ``.course/layers``."""
    folder = (state or state_folder()) / "layers"
    folder.mkdir(parents=True, exist_ok=True)
    return {parameter: _built(folder, packages) for parameter, packages in layers.items()}


def _built(folder: Path, packages: tuple[str, ...]) -> Path:
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    architecture = next((name for name, machine in PLATFORMS.items() if machine == platform.machine()), "x86_64")
    digest = hashlib.sha256(" ".join((sys.implementation.cache_tag, architecture, *packages)).encode()).hexdigest()[:16]
    path = folder / f"{packages[0]}-{digest}.zip"
    if not path.exists():
        print(f"course: building the layer of {', '.join(packages)}", file=sys.stderr)
        with tempfile.TemporaryDirectory(prefix="layer-", dir=folder) as scratch:
            content, archive = Path(scratch) / "python", Path(scratch) / "layer.zip"
            install(list(packages), content, python, architecture)
            compileall.compile_dir(content, quiet=2, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
            for own in _RUNTIMES_OWN:
                shutil.rmtree(content / own, ignore_errors=True)
            pack(content, archive, bytecode=True)
            archive.replace(path)
    return path


def platforms(architecture: str) -> list[str]:
    """Tags of wheels that run on Lambda, best first."""
    machine = PLATFORMS[architecture]
    return [f"manylinux_{version}_{machine}" for version in _GLIBC] + [f"manylinux{name}_{machine}" for name in _OLD_NAMES]


def pack(folder: Path, output: Path, *, bytecode: bool = False) -> int:
    """Zip ``folder`` under its own name, the same bytes every time, with or without ``bytecode``; returns the unpacked size."""
    size = 0
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if path.is_dir() or inside.parts[0] == _LEFT_OUT or ("__pycache__" in inside.parts and not bytecode):
                continue
            entry = zipfile.ZipInfo(f"{folder.name}/{inside.as_posix()}", _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o755 if path.suffix == ".so" else 0o644) << 16
            data = path.read_bytes()
            size += len(data)
            archive.writestr(entry, data)
    return size


def install(wanted: list[str], folder: Path, python: str, architecture: str) -> None:
    """From the index, wheels kept; without the network from the wheels that were kept."""
    wheels = state_folder() / "wheels"
    wheels.mkdir(exist_ok=True)
    fitting = ["--only-binary=:all:", "--implementation", "cp", "--python-version", python]
    for tag in platforms(architecture):
        fitting += ["--platform", tag]
    downloaded = _pip("download", "--quiet", *fitting, "--find-links", str(wheels), "--dest", str(wheels), *wanted)
    if downloaded.returncode:
        print("course: the index did not give it; trying the wheels of earlier builds", file=sys.stderr)
    local = ["--no-index", "--find-links", str(wheels), "--no-compile", "--target", str(folder)]
    installed = _pip("install", "--quiet", *fitting, *local, *wanted)
    if installed.returncode:
        print(downloaded.stderr or installed.stderr, file=sys.stderr)
        raise ToolError(f"no wheels for Python {python} on {architecture} hold {' '.join(wanted)}; pip says why above")


def _pip(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)
