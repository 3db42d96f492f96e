"""``./course layer build``: a Lambda layer from wheels that fit Lambda's Linux, whatever this machine runs.

Lambda guide, "Packaging layers": libraries lie under ``python/``; wheels must be for Amazon Linux 2023 (glibc 2.34).
"""

from __future__ import annotations

import argparse
import re
import tempfile
from pathlib import Path

from courseware import layers
from courseware.errors import LearnerError, ToolError
from sandbox import facts

EXAMPLES = """examples:
  ./course layer build pillow --requirement pillow
  ./course layer build powertools --requirement aws-lambda-powertools --requirement aws-xray-sdk
  ./course layer build mine --requirements-file requirements.txt --python 3.13 --architecture arm64 --output mine.zip

then, against the account or AWS:
  aws lambda publish-layer-version --layer-name pillow --zip-file fileb://pillow.zip --compatible-runtimes python3.13

Wheels are kept in .course/wheels: what was built once can be built again without the network.
"""
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,140}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``./course layer``."""
    parser.add_argument("action", choices=["build"], help="what to do")
    parser.add_argument("name", help="the layer's name; the file is NAME.zip unless --output says otherwise")
    parser.add_argument(
        "--requirement", action="append", default=[], metavar="SPEC", help="a package as pip takes it; may be repeated"
    )
    parser.add_argument("--requirements-file", type=Path, metavar="FILE", help="a requirements.txt")
    parser.add_argument("--python", default="3.13", metavar="VERSION", help="the functions' Python (3.13)")
    parser.add_argument(
        "--architecture", choices=sorted(layers.PLATFORMS), default="x86_64", help="the functions' processor (x86_64)"
    )
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
        layers.install(wanted, folder, args.python, args.architecture)
        size = layers.pack(folder, output)
    print(f"{output}: {output.stat().st_size / 1e6:.1f} MB zipped, {size / 1e6:.1f} MB unpacked")
    limit = facts.limit("unzipped_bytes")
    if size > limit:
        raise ToolError(f"a function and its layers may have {limit // 1_048_576} MB unpacked; this layer alone has more")
    return 0
