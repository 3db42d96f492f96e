"""The account's own tests in Pyodide, the page's interpreter, on the very archives a page loads (under Node; no browser needed).

Left out are files that speak of a native account (sockets, child processes), and the few listed here, with the reason. Property
tests are counted as skipped, since hypothesis is compiled.
"""

from __future__ import annotations

import json
import os
import subprocess
import sysconfig
from pathlib import Path

import pytest

from courseware.node import find_node
from courseware.web.build import build

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
SANDBOX = "tests/sandbox"
LEFT_OUT = {
    "front_door/test_server.py": "sockets",
    "deployment/test_every_kind.py": "KMS keys need compiled cryptography",
    "front_door/test_api_gateway_http_access.py": "signs tokens with compiled cryptography",
    "front_door/test_api_gateway_rest.py": "mapping templates and request models need packages that a page does not carry",
    "front_door/test_gate.py": "asks for a service that a page does not carry",
    "control_plane/test_bad_requests.py": "walks services that a page does not carry (CloudFormation, tagging)",
    "control_plane/test_services.py": "the same, and KMS keys need compiled cryptography",
    "control_plane/test_resource_policies.py": "KMS keys need compiled cryptography",
    "control_plane/test_identities.py": "asks for rare managed policies that a page does not carry",
    "front_door/test_real_clients.py": "sockets and other programs",
    "iam/test_policy.py": "nests JSON deeper than WebAssembly's stack",
    "front_door/test_inprocess.py": "compares with an account in a thread of its own",
    "control/test_channel.py": "sockets",
    "control_plane/test_browser_stubs.py": "starts an interpreter without the compiled packages",
    "runtime/test_process_*.py": "child processes",
    "worker": "what runs in child processes",
    "account": "threads and child processes",
    "test_bad_input.py": "sockets",
}
ONE_BY_ONE = {
    "runtime/test_shown_time.py::test_without_a_rule_a_processes_clocks_are_pythons_own": "child processes",
    "deployment/test_transform.py::test_policy_templates_are_read_once_and_keep_nothing_of_a_template": "a package no page has",
    "control_plane/test_world.py::test_the_same_seed_gives_the_same_identifiers_and_other_worlds_do_not_disturb_them": "KMS keys",
    "triggers/test_stream_poller.py::test_without_limits_a_batch_is_tried_until_the_stream_has_lost_it": "long",
    "telemetry/test_metrics.py::test_a_hundred_thousand_samples_take_no_more_room_than_a_thousand": "long",
}
NATIVE = ("local_account", "LocalAccount", "httptools")
PASSED_MIN = 2000


def native_files():
    """Tests of what a page cannot have: an account behind sockets, with child processes."""
    files = (ROOT / SANDBOX).rglob("test_*.py")
    return sorted(
        str(file.relative_to(ROOT / SANDBOX)) for file in files if any(word in file.read_text("utf-8") for word in NATIVE)
    )


@pytest.fixture(scope="module")
def suite():
    build(ROOT, print)
    ignored = [f"--ignore-glob=/repo/{SANDBOX}/{name}" for name in [*LEFT_OUT, *native_files()]]
    ignored += [f"--deselect={SANDBOX}/{name}" for name in ONE_BY_ONE]
    command = [find_node().path, HERE / "in_pyodide.mjs", ROOT, HERE / "pyodide_suite.py", SANDBOX, *ignored]
    environ = {**os.environ, "PACKAGES": sysconfig.get_paths()["purelib"]}
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, env=environ, timeout=560, check=False)
    outcome = [line.removeprefix("OUTCOME ") for line in done.stdout.splitlines() if line.startswith("OUTCOME ")]
    assert outcome, (done.stdout + done.stderr)[-4000:]
    return json.loads(outcome[0]) | {"tail": done.stdout[-6000:]}


@pytest.mark.timeout(600)
def test_the_accounts_own_tests_pass_in_the_pages_interpreter(suite, record_property):
    record_property("passed_in_pyodide", suite.get("passed", 0))
    assert suite["failed_tests"] == [], suite["tail"]
    assert suite["code"] == 0, suite["tail"]
    assert suite["passed"] >= PASSED_MIN


def test_what_is_left_out_exists():
    missing = [name for name in LEFT_OUT if not list((ROOT / SANDBOX).glob(name))]
    assert missing == []
