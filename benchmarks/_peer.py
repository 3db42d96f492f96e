"""The peer: an account nobody here wrote (``ministack`` from PyPI), in an environment and a process of its own."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from _measured import ROOT, client
from botocore.exceptions import BotoCoreError, ClientError

from courseware.bootstrap import BootstrapError, ensure

_START_S_MAX = 60.0
_LIBRARIES = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six")  # what AWS's Python runtime brings


class NoPeerError(Exception):
    """The peer cannot be measured here; the text says why."""


@contextmanager
def peer() -> Iterator[dict[str, Any]]:
    """Address and Region of a running peer, as in an account's start-up line."""
    try:
        folder = ensure(ROOT, ".venv-peers", "requirements/peers.txt", lambda text: print(text, file=sys.stderr))
    except BootstrapError as error:
        raise NoPeerError(f"it could not be installed: {error}") from error
    with tempfile.TemporaryDirectory(prefix="peer-") as home:
        port = _free_port()
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": home,
            "TMPDIR": home,
            "GATEWAY_PORT": str(port),
            "LOG_LEVEL": "ERROR",
            "PYTHONPATH": str(_libraries(Path(home))),  # its functions find boto3, as ours do
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        }
        process = subprocess.Popen(
            [str(folder / "ministack")], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=home
        )
        try:
            info = {"endpoint_url": f"http://127.0.0.1:{port}", "region": "us-east-1"}
            _until_it_answers(process, info)
            yield info
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _libraries(home: Path) -> Path:
    folder = home / "libraries"
    folder.mkdir()
    for name in _LIBRARIES:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            origin = Path(spec.origin)
            source = origin.parent if origin.name == "__init__.py" else origin
            (folder / source.name).symlink_to(source)
    return folder


def _until_it_answers(process: subprocess.Popen[bytes], info: dict[str, Any]) -> None:
    for _ in range(int(_START_S_MAX / 0.1)):
        if process.poll() is not None:
            raise NoPeerError(f"it ended with status {process.returncode} when it was started")
        try:
            client("sqs", info).list_queues()
        except (BotoCoreError, ClientError):
            threading.Event().wait(0.1)
        else:
            return
    raise NoPeerError(f"it did not answer within {_START_S_MAX:g} s")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
