"""boto3 imported ahead answers as boto3 does."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
from sandbox.worker import warm_boto3
warm_boto3.load(["sqs"])
import boto3
print("lambda" in boto3.session.Session().get_available_services())
"""


def test_a_function_may_ask_which_services_there_are():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("True\n", "")
