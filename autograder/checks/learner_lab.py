"""``lab`` in a learner's cells: make calls fail on purpose, and look at what happened, wherever the lab is done.

Standard library only and nothing of ours: the shell's runner loads this file by itself, apart from the rest of the course.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

_ENTRIES_MAX = 10_000  # what the control channel gives in one answer

Ask = Callable[..., dict[str, Any]]

NO_FAULTS = (
    "This account takes no fault rules, so nothing was broken. On AWS the counterpart is AWS Fault Injection Service, "
    "whose Lambda actions need its extension as a layer; for other services, take a right away from the role. Go on."
)
NO_CALLS = (
    "This account shows no recorded calls. On AWS a CloudTrail trail with data events has them all; the event history has "
    "management events only, so neither reads of a table nor writes of an object. Read the code, and the denials."
)
NO_TIMELINE = "This account keeps no timeline. On AWS, read CloudTrail, the logs and X-Ray instead."


class NoOtherAccount(RuntimeError):
    """A cell asked for a second account where there is one alone. The text is for the learner."""


def account_number(name: str) -> str:
    """The id of the account that labs call ``name``: the same in the cells and in the checks."""
    return str(10**11 + int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]))


class Picture:
    """An SVG that a notebook and a page show as the value of a cell; ``print`` shows its description."""

    def __init__(self, svg: str, alt: str) -> None:
        self.svg = svg
        self.alt = alt

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        """As wide as a notebook's column, with words: JupyterLab shows a bare SVG at its own width, and cuts it off."""
        data = base64.b64encode(self.svg.encode()).decode()
        return f'<img style="max-width: 100%" alt="{html.escape(self.alt)}" src="data:image/svg+xml;base64,{data}">'

    def __repr__(self) -> str:
        return self.alt


class LearnerFaults:
    """Fault rules of the account. Where there are none (on AWS), ``add`` says so and the cell goes on."""

    def __init__(self, ask: Ask | None) -> None:
        self._ask = ask

    def add(self, *, error: str = "", status: int = 0, message: str = "", **rule: Any) -> str:
        """The id of a rule that lets what it matches fail with ``error`` or wait ``latency_s``; "" where there are no rules.

        Without ``kind`` it is for API calls: ``service``, ``operation``, ``resource`` and ``caller`` are patterns. ``count`` and
        ``probability`` bound it.
        """
        if self._ask is None:
            print(NO_FAULTS)
            return ""
        if error:
            said = {"code": error, "status": status, "message": message}
            rule["error"] = {key: value for key, value in said.items() if value}
        return str(self._ask("add-fault", **rule)["id"])

    def clear(self) -> None:
        """Remove every rule."""
        if self._ask is not None:
            self._ask("clear-faults")

    def struck(self) -> dict[str, int]:
        """How often each rule has struck, by its id."""
        rules = self._ask("faults")["faults"] if self._ask is not None else []
        return {rule["id"]: rule["fired"] for rule in rules}


class LearnerLab:
    """What every place that a lab is done in offers its cells. ``ask`` sends a command to the account's control channel."""

    def __init__(self, ask: Ask | None) -> None:
        self._ask = ask
        self.faults = LearnerFaults(ask)

    def now(self) -> float:
        """The account's time in seconds since 1970, which runs ahead of the machine's once a cell has slept."""
        return float(self._ask("now")["now"]) if self._ask is not None else time.time()  # noqa: TID251 - AWS has no other clock

    def calls(self, role: str) -> None:
        """Print which API operations sessions of ``role`` have called on what, each once, and how often each was refused."""
        if self._ask is None:
            print(NO_CALLS)
            return
        found: dict[tuple[str, str], list[bool]] = {}
        for call in self._ask("calls", principal=f":assumed-role/{role}/", limit=_ENTRIES_MAX)["calls"]:
            for arn in call["arns"] or [""]:
                found.setdefault((f"{call['service']}:{call['operation']}", arn), []).append(call["allowed"])
        for (operation, arn), allowed in found.items():
            refused = allowed.count(False)
            print(f"{len(allowed):3}x  {operation:<28} {arn}" + (f"   refused {refused}x" if refused else ""))

    def account(self, name: str) -> dict[str, str]:
        """Keys of the administrator of another account, for ``boto3.Session(**lab.account("partner"))``; made when new."""
        if self._ask is None:
            raise NoOtherAccount(f"There is no account {name!r} beside this one. Do this step on the account of the course.")
        made = self._ask("add-account", account_id=account_number(name))
        return {key: str(made[key]) for key in ("aws_access_key_id", "aws_secret_access_key")}

    def timeline(self) -> Picture | None:
        """What happened and why, as a picture."""
        return self._picture("timeline-svg")

    def dashboard(self, name: str) -> Picture | None:
        """A CloudWatch dashboard of the account's Region as a picture."""
        return self._picture("dashboard-svg", dashboard=name)

    def story(self, *kinds: str, last: int = 20) -> None:
        """Print what happened, oldest first: the ``last`` entries of the timeline, of these ``kinds`` or of all."""
        if self._ask is None:
            print(NO_TIMELINE)
            return
        total = self._ask("timeline", limit=1)["total"]
        entries = self._ask("timeline", since=max(0, total - _ENTRIES_MAX), limit=_ENTRIES_MAX)["entries"]
        for entry in [entry for entry in entries if not kinds or entry["kind"] in kinds][-last:]:
            moment = datetime.fromtimestamp(entry["at_ms"] / 1000, UTC)
            print(f"{moment:%H:%M:%S}  {entry['kind']:<12} {entry['title']}")

    def _picture(self, command: str, **params: Any) -> Picture | None:
        if self._ask is None:
            print(NO_TIMELINE if command == "timeline-svg" else "Look at the dashboard in the CloudWatch console.")
            return None
        svg = str(self._ask(command, **params)["svg"])
        said = re.search(r"<desc[^>]*>(.*?)</desc>", svg, re.DOTALL)
        return Picture(svg, html.unescape(said[1]) if said else "")
