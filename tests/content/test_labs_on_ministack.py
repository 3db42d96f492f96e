"""Labs against an account nobody here wrote, and the tables of what that account cannot do: docs/aws_account.md."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any

import boto3
import pytest

from autograder.lab import find_labs
from courseware.aws.allowed import allow
from courseware.aws.whose import TEST_ENDPOINT
from courseware.bootstrap import ensure
from courseware.machine import free_port
from tests.content.ministack_lacks import LACKS, Aws, Probe, prepare

ROOT = Path(__file__).parents[2]
EVERY_LAB = find_labs(ROOT / "labs")
PAGE = (ROOT / "docs" / "aws_account.md").read_text("utf-8")
LEFT_OUT = re.findall(r"^\| `([a-z-]+)` \| ([^|]+) \|$", PAGE, re.MULTILINE)  # the second table: lab, and why
LABS = [lab.slug for lab in EVERY_LAB if lab.slug not in dict(LEFT_OUT)]
PROBES = list(dict.fromkeys(probe for probes in LACKS.values() for probe in probes))
ACCOUNT = "111122223333"
UNJUDGED = "Not judged: "  # run for what later steps need of it; it may pass or not
AT_ONCE = 3  # most of a lab's time here is waiting
READY_S_MAX = 60
pytestmark = pytest.mark.timeout(600)  # the first test waits for every lab


def cannot() -> dict[tuple[str, str], str]:
    """The rows of the first table: lab and step, and why."""
    rows = re.findall(r"^\| `([a-z-]+)` \| `([a-z-]+)` \| (.+) \|$", PAGE, re.MULTILINE)
    return {(lab, step): why for lab, step, why in rows}


@pytest.fixture(scope="module")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A server of its own; the environment that makes it the AWS of a learner who has allowed its account."""
    python = ensure(ROOT, ".venv-peers", "requirements/peers.txt") / "python"
    port, folder = free_port(), tmp_path_factory.mktemp("ministack")
    url = f"http://127.0.0.1:{port}"
    settings = {
        "PATH": os.defpath,
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "LAMBDA_ASYNC_RETRY_BASE_SECONDS": "0.1",
        "SFN_WAIT_SCALE": "0",
        "LOG_LEVEL": "ERROR",
    }
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([python, "-m", "ministack"], env=settings, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_for(f"{url}/_ministack/health", server)
        keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
        address = {"AWS_ENDPOINT_URL": url, TEST_ENDPOINT: url, "AWS_MINISTACK_PORT": str(port)}
        yield {**keys, **address, "AWS_DISABLE_HOST_PREFIX_INJECTION": "true", "PATH": os.defpath, "HOME": str(folder)}
    finally:
        server.terminate()
        server.wait()


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    pause = threading.Event()
    for _ in range(READY_S_MAX * 20):
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except OSError:
            assert server.poll() is None, "ministack ended before it answered"
            pause.wait(0.05)
        else:
            return
    raise AssertionError(f"{url} did not answer within {READY_S_MAX} s")


@pytest.fixture(scope="module")
def outcomes(ministack: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """What every lab came to, the labs beside one another."""

    def one(slug: str) -> list[dict[str, Any]]:
        order = json.dumps({"lab": slug, "known": [step for lab, step in cannot() if lab == slug]})
        state = str(tmp_path_factory.mktemp(slug))
        command = [sys.executable, str(Path(__file__).with_name("lab_on_ministack.py")), order]
        environment = {**ministack, "COURSE_STATE": state, "COURSE_ROOT": str(ROOT), "PYTHONPATH": str(ROOT)}
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("COURSE_STATE", state)
            allow(ACCOUNT, "ada")
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=180)
        assert done.returncode == 0, f"{slug}: {done.stderr[-2000:]}"
        return [json.loads(line) for line in done.stdout.splitlines()]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = dict(zip(LABS, pool.map(one, LABS), strict=True))
    # On a busy machine a function of three seconds may not get them; alone it does.
    return {slug: rows if failed(slug, rows) <= cannot().keys() else one(slug) for slug, rows in found.items()}


def failed(slug: str, rows: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(slug, row["step"]) for row in rows[:-1] if row["says"]}


def test_the_table_says_exactly_which_steps_fail_there(outcomes: dict[str, list[dict[str, Any]]]) -> None:
    said = {(lab, row["step"]): row["says"] for lab, rows in outcomes.items() for row in rows[:-1] if row["says"]}
    known = {place for place, why in cannot().items() if not why.startswith(UNJUDGED)}
    missing = "\n".join(f"| `{lab}` | `{step}` | {said[lab, step]} |" for lab, step in sorted(said.keys() - cannot().keys()))
    assert not missing, f"docs/aws_account.md has no row for these; say why:\n{missing}"
    assert sorted(known - said.keys()) == []


def test_every_row_of_the_first_table_is_of_a_step_that_there_is() -> None:
    assert cannot().keys() <= {(lab.slug, step.id) for lab in EVERY_LAB for step in lab.steps if lab.slug in LABS}


def test_every_lab_is_named_once_as_run_there_or_as_left_out() -> None:
    """A lab more costs about five seconds of a core: whoever adds one to the sentence thinks of that, and of the second table."""
    sentence = re.search(r"whole, behind the guardrails, in every run of the tests: ([^.]+)\.", PAGE)
    assert sentence
    named = [*re.findall(r"`([a-z-]+)`", sentence[1]), *(slug for slug, _ in LEFT_OUT)]
    assert sorted(named) == [lab.slug for lab in EVERY_LAB], (
        "docs/aws_account.md: name each lab in the sentence or give it a row of the second table"
    )


def test_the_second_table_says_what_the_probes_prove_and_what_the_guardrails_say() -> None:
    lacks = {slug: " ".join(str(probe.__doc__) for probe in probes) for slug, probes in LACKS.items()}
    here_only = {lab.slug: f"Not done on AWS: {lab.here_only.partition('. ')[0]}." for lab in EVERY_LAB if lab.here_only}
    assert dict(LEFT_OUT) == lacks | here_only


@pytest.fixture(scope="module")
def probed(ministack: dict[str, str]) -> Aws:
    """A maker of clients for a ministack that has what the probes look at."""
    keys = {"aws_access_key_id": ministack["AWS_ACCESS_KEY_ID"], "aws_secret_access_key": ministack["AWS_SECRET_ACCESS_KEY"]}
    session = boto3.session.Session(**keys, region_name=ministack["AWS_DEFAULT_REGION"])
    client = cache(partial(session.client, endpoint_url=ministack["AWS_ENDPOINT_URL"]))
    prepare(client)
    return client


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.__name__)
def test_ministack_still_lacks_what_the_second_table_says(probe: Probe, probed: Aws) -> None:
    probe(probed)


def test_nothing_of_a_lab_is_left_there(outcomes: dict[str, list[dict[str, Any]]]) -> None:
    assert {lab: rows[-1]["left"] for lab, rows in outcomes.items()} == {lab: [] for lab in outcomes}


def test_more_steps_pass_than_fail(outcomes: dict[str, list[dict[str, Any]]]) -> None:
    """A table that excuses everything would prove nothing."""
    said = [row["says"] for rows in outcomes.values() for row in rows[:-1]]
    assert said.count("") > len(said) / 2
