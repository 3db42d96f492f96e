"""The learner's allow-list: AWS account ids that labs may run in, and the short name their things there begin with.

It is empty until ``./course aws allow`` writes to it, and nothing else ever does.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from courseware.errors import LearnerError
from courseware.place import state_folder, write_atomically

_ACCOUNT = re.compile(r"\d{12}")
_LEARNER = re.compile(r"[a-z][a-z0-9]{0,7}")  # short: a role's name has 64 characters for learner, lab and name


def allowed() -> dict[str, str]:
    """Account id to learner; raises LearnerError for a file that somebody has damaged, which allows nothing."""
    try:
        found = json.loads(_path().read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise LearnerError(f"{_path()} is not readable ({error}); delete it and allow your account again") from error
    if not isinstance(found, dict) or not all(_ACCOUNT.fullmatch(key) and _LEARNER.fullmatch(str(found[key])) for key in found):
        raise LearnerError(f"{_path()} is no allow-list; delete it and allow your account again")
    return found


def allow(account_id: str, learner: str) -> None:
    """Put one account on the list. Raises LearnerError for what is no account id or no short name."""
    if not _ACCOUNT.fullmatch(account_id):
        raise LearnerError(f"{account_id!r} is no account id: it has twelve digits; `aws sts get-caller-identity` shows yours")
    if not _LEARNER.fullmatch(learner):
        raise LearnerError(f"{learner!r} cannot begin a name: take one to eight of a-z and 0-9, a letter first")
    write_atomically(_path(), allowed() | {account_id: learner})


def forbid(account_id: str) -> None:
    """Take one account off the list; LearnerError when it is not on it."""
    left = allowed()
    if account_id not in left:
        raise LearnerError(f"account {account_id} is not on the list; on it: {', '.join(left) or 'nothing'}")
    del left[account_id]
    write_atomically(_path(), left)


def learner_in(account_id: str) -> str:
    """The learner's short name there; LearnerError that names the command when the account is not on the list."""
    try:
        return allowed()[account_id]
    except KeyError:
        raise LearnerError(
            f"your AWS credentials belong to account {account_id}, which is not on your allow-list, so nothing was done there. "
            f"If it is a sandbox account of yours: ./course aws allow {account_id} --learner YOUR-SHORT-NAME"
        ) from None


def _path() -> Path:
    return state_folder() / "aws" / "allowed.json"
