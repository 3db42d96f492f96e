"""Find the command, run it, and turn what went wrong into one line and an exit code.

Exit codes: 0 fine, 1 a check or a tool said no, 2 a mistake in the call, 70 a defect of ours, 130 Ctrl-C, 143 terminated.
"""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
import traceback
from collections.abc import Sequence

from courseware.errors import LearnerError, ToolError
from courseware.place import state_folder

COMMANDS = {
    "up": "start the book, JupyterLab and an account, and print the address",
    "check": "check a lab's folder and say what is missing, with a hint",
    "grade": "grade a class of submissions to an assessment",
    "aws": "run labs in an AWS account of your own, with guardrails",
    "task": "print the task of an assessment, with the values of one learner",
    "marks": "write or send the marks of a class: nbgrader, Canvas, Moodle, LTI",
    "similar": "show submissions that read alike, for a person to judge",
    "account": "start an AWS account on this machine for any AWS client",
    "clock": "read or move the account's clock",
    "faults": "make calls to a service fail or lag, to see what happens",
    "timeline": "show what happened in the account, with causes",
    "calls": "list the API calls: who, what, allowed or denied by which statement",
    "balance": "count the events: accepted, processed, dropped, still waiting",
    "reset": "empty the account",
    "build": "build the book and its front-end parts",
    "test": "run every test, type and style check there is",
    "bench": "measure how fast the account and the book are",
    "author": "check pages and quizzes against the editorial rules, or write cards",
    "layer": "build a Lambda layer from wheels",
    "doctor": "say what this machine can do and how to mend what is missing",
    "lock": "write requirements/*.txt anew (for contributors)",
}
_EXIT_LEARNER, _EXIT_TOOL, _EXIT_DEFECT, _EXIT_INTERRUPT, _EXIT_TERMINATED = 2, 1, 70, 130, 143


def main(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code."""
    # SIGTERM takes a road out that runs every `finally`, as Ctrl-C does; and a shell that starts us with `&` has
    # Ctrl-C ignored, which Python would inherit.
    signal.signal(signal.SIGTERM, _terminated)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return _run(arguments)
    except (LearnerError, ToolError) as error:
        print(f"course: {error}", file=sys.stderr)
        return _EXIT_LEARNER if isinstance(error, LearnerError) else _EXIT_TOOL
    except BrokenPipeError:
        # Whoever read our output has left (`./course calls | head`); nothing more can be said there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _EXIT_INTERRUPT
    except Exception as error:  # noqa: BLE001 - the last line of defence: every defect ends in one line and a report
        return _defect(error, arguments)


def _run(arguments: Sequence[str]) -> int:
    parser = _parser()
    name = next((word for word in arguments if not word.startswith("-")), None)
    if name is None or name not in COMMANDS or arguments[0] != name:
        parser.parse_args(arguments)  # prints help or the complaint, and exits
        parser.print_help()
        return 0
    module = importlib.import_module(f"courseware.cli.{name}")
    command = argparse.ArgumentParser(
        prog=f"./course {name}",
        description=COMMANDS[name][0].upper() + COMMANDS[name][1:] + ".",
        epilog=module.EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(command)
    status: int = module.run(command.parse_args(arguments[1:]))
    return status


def _parser() -> argparse.ArgumentParser:
    width = max(map(len, COMMANDS))
    listing = "\n".join(f"  {name:<{width}}  {summary}" for name, summary in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="./course",
        usage="./course COMMAND [options]",
        description="A course on AWS Lambda whose pages are live AWS accounts.",
        epilog=f"commands:\n{listing}\n\nStart with `./course up`. `./course COMMAND --help` explains one, with examples.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", nargs="?", choices=COMMANDS, help=argparse.SUPPRESS, metavar="COMMAND")
    return parser


def _terminated(_number: int, _frame: object) -> None:
    raise SystemExit(_EXIT_TERMINATED)


def _defect(error: Exception, arguments: Sequence[str]) -> int:
    """One line for the reader, the traceback for whoever mends it."""
    text = "".join(traceback.format_exception(error))
    print(f"course: a defect of ours: {type(error).__name__}: {error}", file=sys.stderr)
    try:
        path = state_folder() / "logs" / f"defect-{os.getpid()}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"./course {' '.join(arguments)}\n\n{text}", "utf-8")
        print(f"course: please report it with {path}", file=sys.stderr)
    except (OSError, LearnerError):
        print(text, file=sys.stderr)
    return _EXIT_DEFECT
