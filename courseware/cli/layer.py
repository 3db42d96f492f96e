"""``./course layer build``: a Lambda layer from wheels that fit Lambda's Linux, whatever this machine runs.

Lambda guide, "Packaging layers": libraries lie under ``python/``; wheels must be for Amazon Linux 2023 (glibc 2.34).
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from courseware.errors import LearnerError, ToolError
from courseware.place import state_folder
from sandbox import facts

EXAMPLES = """examples:
  ./course layer build pillow --requirement pillow
  ./course layer build powertools --requirement aws-lambda-powertools --requirement aws-xray-sdk
  ./course layer build mine --requirements-file requirements.txt --python 3.13 --architecture arm64 --output mine.zip

then, against the account or AWS:
  aws lambda publish-layer-version --layer-name pillow --zip-file fileb://pillow.zip --compatible-runtimes python3.13

Wheels are kept in .course/wheels: what was built once can be built again without the network.
"""
_PLATFORMS = {"x86_64": "x86_64", "arm64": "aarch64"}
_GLIBC = ("2_34", "2_31", "2_28", "2_27", "2_26", "2_24", "2_17", "2_5")  # newest first; Amazon Linux 2023 has 2.34
_OLD_NAMES = ("2014", "2010")
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,140}")
_MOMENT = (2020, 1, 1, 0, 0, 0)  # the same wheels give the same bytes
_LEFT_OUT = ("__pycache__", "bin")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``./course layer``."""
    parser.add_argument("action", choices=["build"], help="what to do")
    parser.add_argument("name", help="the layer's name; the file is NAME.zip unless --output says otherwise")
    parser.add_argument(
        "--requirement", action="append", default=[], metavar="SPEC", help="a package as pip takes it; may be repeated"
    )
    parser.add_argument("--requirements-file", type=Path, metavar="FILE", help="a requirements.txt")
    parser.add_argument("--python", default="3.13", metavar="VERSION", help="the functions' Python (3.13)")
    parser.add_argument("--architecture", choices=sorted(_PLATFORMS), default="x86_64", help="the functions' processor (x86_64)")
    parser.add_argument("--output", type=Path, metavar="FILE", help="where to write the layer")


def run(args: argparse.Namespace) -> int:
    """Download, lay out, pack, measure."""
    wanted = list(args.requirement)
    if args.requirements_file is not None:
        if not args.requirements_file.is_file():
            raise LearnerError(f"there is no file {args.requirements_file}")
        wanted += ["--requirement", str(args.requirements_file)]
    if not wanted:
        raise LearnerError("say what the layer is to hold: --requirement pillow")
    if not _NAME.fullmatch(args.name):
        raise LearnerError(f"{args.name!r} is no layer name: letters, digits, - and _, at most 140")
    if not re.fullmatch(r"3\.\d{1,2}", args.python):
        raise LearnerError(f"--python {args.python} is no Python version; write 3.13")
    if any(one.startswith("-") for one in args.requirement):
        raise LearnerError("--requirement takes package names, not options of pip")
    output = args.output or Path(f"{args.name}.zip")
    with tempfile.TemporaryDirectory(prefix="layer-") as scratch:
        folder = Path(scratch) / "python"
        _install(wanted, folder, args.python, args.architecture)
        size = pack(folder, output)
    print(f"{output}: {output.stat().st_size / 1e6:.1f} MB zipped, {size / 1e6:.1f} MB unpacked")
    limit = facts.limit("unzipped_bytes")
    if size > limit:
        raise ToolError(f"a function and its layers may have {limit // 1_048_576} MB unpacked; this layer alone has more")
    return 0


def platforms(architecture: str) -> list[str]:
    """Tags of wheels that run on Lambda, best first."""
    machine = _PLATFORMS[architecture]
    return [f"manylinux_{version}_{machine}" for version in _GLIBC] + [f"manylinux{name}_{machine}" for name in _OLD_NAMES]


def pack(folder: Path, output: Path) -> int:
    """Zip ``folder`` under its own name, the same bytes every time; returns the unpacked size."""
    size = 0
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if path.is_dir() or inside.parts[0] in _LEFT_OUT or "__pycache__" in inside.parts:
                continue
            entry = zipfile.ZipInfo(f"{folder.name}/{inside.as_posix()}", _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o755 if path.suffix == ".so" else 0o644) << 16
            data = path.read_bytes()
            size += len(data)
            archive.writestr(entry, data)
    return size


def _install(wanted: list[str], folder: Path, python: str, architecture: str) -> None:
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
