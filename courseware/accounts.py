"""The accounts running on this machine, one small file each in ``.course/accounts``, so that later commands find them.

A file holds the control token, hence mode 0600. A crash leaves its file behind; whoever reads it next finds nobody
answering on the control port and removes it.
"""

from __future__ import annotations

import json
import os
import socket
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from courseware.errors import LearnerError
from courseware.place import state_folder, write_atomically


@dataclass(frozen=True, slots=True)
class Running:
    """What the ready line says, and the process that said it. ``pid`` is 0 when only the environment names the account."""

    control_url: str
    control_token: str
    endpoint_url: str = ""
    aws_access_key_id: str = ""
    aws_secret_access_key: str = ""
    region: str = ""
    account_id: str = ""
    pid: int = 0

    @property
    def port(self) -> int:
        return urlsplit(self.endpoint_url).port or 0

    def environment(self) -> dict[str, str]:
        """What points AWS clients and ``./course`` at this account."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
            "AWS_ACCESS_KEY_ID": self.aws_access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.aws_secret_access_key,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_REGION": self.region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "COURSE_CONTROL_URL": self.control_url,
            "COURSE_CONTROL_TOKEN": self.control_token,
        }

    def answers(self) -> bool:
        """Whether anybody listens on the control port."""
        where = urlsplit(self.control_url)
        try:
            socket.create_connection((where.hostname or "127.0.0.1", where.port or 80), timeout=2).close()
        except OSError:
            return False
        return True


def from_ready_line(info: dict[str, Any], pid: int) -> Running:
    """The ready line may grow; what it must hold is what ``Running`` has."""
    known = {field.name for field in fields(Running)}
    return Running(**{key: value for key, value in info.items() if key in known}, pid=pid)


def remember(account: Running) -> None:
    """Write the file that lets other commands find this account."""
    write_atomically(_path(account.port), asdict(account))


def forget(account: Running) -> None:
    """Remove the file, unless another account has taken the port since."""
    kept = _read(_path(account.port))
    if kept is not None and kept.pid == account.pid:
        _path(account.port).unlink(missing_ok=True)


def running() -> list[Running]:
    """Accounts that answer, the latest started first; files of those that do not are removed."""
    paths = sorted(_folder().glob("*.json"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    found = []
    for path in paths:
        account = _read(path)
        if account is not None and account.answers():
            found.append(account)
        else:
            path.unlink(missing_ok=True)
    return found


def find(port: int | None = None) -> Running:
    """The account on ``port``; else the one the environment names; else the latest started. Raises LearnerError if none."""
    url, token = os.environ.get("COURSE_CONTROL_URL"), os.environ.get("COURSE_CONTROL_TOKEN")
    if port is None and url and token:
        named = Running(control_url=url, control_token=token, endpoint_url=os.environ.get("AWS_ENDPOINT_URL", ""))
        if not named.answers():
            raise LearnerError(
                f"COURSE_CONTROL_URL says {url}, where nobody answers; start an account, or unset COURSE_CONTROL_URL"
            )
        return named
    accounts = running()
    if port is None and accounts:
        return accounts[0]
    for account in accounts:
        if account.port == port:
            return account
    where = "" if port is None else f" on port {port}"
    raise LearnerError(f"no account is running{where}; start one with `./course account` (or `./course up`)")


def _folder() -> Path:
    return state_folder() / "accounts"


def _path(port: int) -> Path:
    return _folder() / f"{port}.json"


def _read(path: Path) -> Running | None:
    try:
        return Running(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
