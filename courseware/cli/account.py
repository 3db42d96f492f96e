"""``./course account``: one AWS account on this machine, in the foreground, or in the background for ``eval``."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import signal
import subprocess
import sys
import threading
from typing import Any

from courseware.accounts import Running, find, forget, from_ready_line, remember, running
from courseware.errors import LearnerError
from courseware.place import state_folder

EXAMPLES = """examples:
  ./course account                        run until Ctrl-C; prints one JSON line when ready
  eval "$(./course account --export)"     run in the background and point this shell's AWS clients at it
  aws lambda list-functions               then any AWS client works: the CLI, boto3, an SDK
  ./course account list                   what is running
  ./course account stop                   stop the latest one (--port N: that one; --all: every one)
  ./course account --virtual-time         time stands still until `./course clock advance 3m`

Version 1 of the AWS CLI sends `aws sqs` to AWS whatever AWS_ENDPOINT_URL says. Use version 2, or add
--endpoint-url "$AWS_ENDPOINT_URL".
"""

_READY_S_MAX = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``./course account``."""
    parser.add_argument("action", nargs="?", choices=("start", "stop", "list"), default="start", help="default: start")
    parser.add_argument("--port", type=int, default=None, metavar="N", help="port of the AWS endpoint (default: a free one)")
    parser.add_argument(
        "--control-port", type=int, default=0, metavar="N", help="port of the control channel (default: a free one)"
    )
    parser.add_argument("--virtual-time", action="store_true", help="the clock moves only when `./course clock advance` says so")
    parser.add_argument(
        "--seed", type=int, default=None, metavar="N", help="seed of every random draw; the same seed, the same run"
    )
    parser.add_argument("--region", default=None, help="the account's region (default: us-east-1)")
    parser.add_argument("--export", action="store_true", help="start in the background and print shell exports, for eval")
    parser.add_argument("--all", action="store_true", help="with stop: every account")
    parser.add_argument("--while-stdin", action="store_true", help=argparse.SUPPRESS)  # stop when the starter is gone


def run(args: argparse.Namespace) -> int:
    """Start, stop or list."""
    if args.action == "stop":
        return _stop(args)
    if args.action == "list":
        lines = [f"{found.endpoint_url}  account {found.account_id}  {found.region}  pid {found.pid}" for found in running()]
        print("\n".join(lines) or "no account is running")
        return 0
    return _start_in_background(args) if args.export else _serve(args)


def _serve(args: argparse.Namespace) -> int:
    # Imported here: --help, stop and list need none of it.
    from sandbox.account import Settings, serve  # noqa: PLC0415

    if args.while_stdin:
        threading.Thread(target=_stop_at_end_of_input, daemon=True).start()
    wishes = {"virtual_time": args.virtual_time, "seed": args.seed, "region": args.region}
    settings = Settings(**{key: value for key, value in wishes.items() if value is not None})
    started: list[Running] = []

    def ready(info: dict[str, Any]) -> None:
        started.append(from_ready_line(info, os.getpid()))
        try:
            remember(started[0])
        except (LearnerError, OSError) as error:
            print(f"course: {error}; until then other commands need COURSE_CONTROL_URL and COURSE_CONTROL_TOKEN", file=sys.stderr)
        print(json.dumps(info), flush=True)

    try:
        serve(settings, args.port or 0, args.control_port, ready)
    finally:
        for account in started:
            forget(account)
    return 0


def _stop_at_end_of_input() -> None:
    """The starter holds the other end of our standard input; when it is gone, killed or not, so are we."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def background_command(args: argparse.Namespace) -> list[str]:
    """The same account as a process of its own."""
    command = [sys.executable, "-P", "-m", "courseware.cli", "account", "start", f"--control-port={args.control_port}"]
    command += [f"--{name}={value}" for name in ("port", "seed", "region") if (value := getattr(args, name)) is not None]
    return [*command, "--virtual-time"] if args.virtual_time else command


def _start_in_background(args: argparse.Namespace) -> int:
    log = state_folder() / "logs" / "account.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("wb") as errors:
        process = subprocess.Popen(
            background_command(args), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, start_new_session=True
        )
    assert process.stdout is not None
    watchdog = threading.Timer(_READY_S_MAX, process.kill)
    watchdog.start()
    try:
        line = process.stdout.readline()
    except BaseException:
        process.terminate()
        raise
    finally:
        watchdog.cancel()
    if not line:
        process.wait()
        raise LearnerError(f"the account did not start: {_last_line(log.read_text('utf-8', 'replace'))} (all of it: {log})")
    print("\n".join(shell_exports(from_ready_line(json.loads(line), process.pid))))
    print("course: the account runs in the background; `./course account stop` ends it", file=sys.stderr)
    return 0


def shell_exports(account: Running) -> list[str]:
    """Lines for ``eval`` in any POSIX shell; a profile or session token of a real account is taken out of the way."""
    exports = [f"export {name}={shlex.quote(value)}" for name, value in account.environment().items()]
    return ["unset AWS_PROFILE AWS_SESSION_TOKEN", *exports]


def _stop(args: argparse.Namespace) -> int:
    accounts = running() if args.all else [find(args.port)]
    by_url = {account.control_url: account for account in running()}
    for account in accounts:
        known = by_url.get(account.control_url, account)
        if not known.pid:
            raise LearnerError("this account was not started from here; stop it where it was started")
        os.kill(known.pid, signal.SIGTERM)
        _await_end(known)
        print(f"stopped {known.endpoint_url}")
        if os.environ.get("COURSE_CONTROL_URL") == known.control_url:
            names = " ".join(known.environment())
            print(f"course: this shell still points at it; make it forget: unset {names}", file=sys.stderr)
    return 0


def _await_end(account: Running) -> None:
    """Return when nobody answers any more, so that the port is free for what comes next."""
    ended = threading.Event()
    for _ in range(100):
        if not account.answers():
            return
        ended.wait(0.1)
    raise LearnerError(f"the account did not stop within 10 s; `kill -9 {account.pid}` will")


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it said nothing"])[-1].removeprefix("course: ")
