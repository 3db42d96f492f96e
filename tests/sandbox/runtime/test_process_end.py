"""However an account ends, nothing of it stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ACCOUNT = """
import asyncio, sys
from pathlib import Path
from sandbox.runtime.environment import EnvironmentSpec, Event
from sandbox.runtime.process import ProcessRuntime

async def main():
    loop = asyncio.get_running_loop()
    runtime = ProcessRuntime(loop, isolation=sys.argv[2], scratch=Path(sys.argv[3]))
    for number in range(3):
        started = loop.create_future()
        spec = EnvironmentSpec("e", "arn", "f", "$LATEST", "python3.13", "app.handler", 128, 60, 512, {}, Path(sys.argv[1]))
        environment = runtime.start(spec, started.set_result)
        await started
        environment.invoke(Event("r", b"1", "arn", 0, 60), print)
    print("running", flush=True)
    if len(sys.argv) > 4:
        runtime.close()
        print("closed", flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


def with_marker(marker: str) -> list[int]:
    """Processes that carry the marker in their arguments or memory of them: fork servers, keepers, functions."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if marker.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def until_gone(marker: str) -> list[int]:
    end = time.monotonic() + 5
    while (left := with_marker(marker)) and time.monotonic() < end:
        os.sched_yield()
    return left


@pytest.fixture
def package(tmp_path):
    directory = tmp_path / "package"
    directory.mkdir()
    (directory / "app.py").write_text("def handler(event, context):\n    while True: pass\n")
    tmp_path.chmod(0o755)
    directory.chmod(0o755)
    return directory


@pytest.mark.parametrize("isolation", ["auto", "paths"])
def test_a_killed_account_leaves_no_process(tmp_path, package, isolation):
    command = [sys.executable, "-c", ACCOUNT, str(package), isolation, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as account:
        assert account.stdout.readline() == "running\n"
        assert len(with_marker(str(tmp_path))) >= 1 + 1 + 3 * 2, "account, fork server, keepers and functions"
        account.send_signal(signal.SIGKILL)
    assert until_gone(str(tmp_path)) == []


@pytest.mark.parametrize("isolation", ["auto", "paths"])
def test_a_closed_runtime_leaves_no_process_and_no_file(tmp_path, package, isolation):
    command = [sys.executable, "-c", ACCOUNT, str(package), isolation, str(tmp_path), "close"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as account:
        lines = [account.stdout.readline() for _ in range(5)]
        assert lines[-1] == "closed\n"
        assert with_marker(str(tmp_path)) == [account.pid]
        assert [path.name for path in tmp_path.iterdir()] == ["package"]
        account.kill()
