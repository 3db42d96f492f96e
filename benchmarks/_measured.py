"""Processes to measure and what is read off them."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

ROOT = Path(__file__).resolve().parents[1]
HERE = Path(__file__).resolve().parent
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


@contextmanager
def started(script: str) -> Iterator[tuple[dict[str, Any], int, float]]:
    """(start-up line, process id, seconds until it came) of one of the scripts beside this one."""
    begun = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, str(HERE / script)], stdout=subprocess.PIPE, env=environment)
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        if not line:
            raise SystemExit(f"{script} did not start")
        yield json.loads(line), process.pid, time.perf_counter() - begun
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
        process.stdout.close()


def client(service: str, info: dict[str, Any], connections: int = 10) -> Any:
    session: Any = boto3.session.Session()
    return session.client(
        service,
        endpoint_url=info["endpoint_url"],
        region_name=info.get("region", "us-east-1"),
        aws_access_key_id=info.get("aws_access_key_id", "AKIAIOSFODNN7EXAMPLE"),
        aws_secret_access_key=info.get("aws_secret_access_key", "secret"),
        config=Config(retries={"total_max_attempts": 1}, max_pool_connections=connections),
    )


def role(info: dict[str, Any]) -> str:
    """A role that may write logs, so that a warm invoke pays for all of it."""
    iam = client("iam", info)
    arn: str = iam.create_role(RoleName="bench", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    iam.attach_role_policy(RoleName="bench", PolicyArn=BASIC)
    return arn


def zipped(source: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("app.py", source)
    return buffer.getvalue()


def tree_mb(pid: int) -> float:
    """Proportional set size of a process and its descendants: pages shared with a fork server count once."""
    total_kb, waiting = 0, [pid]
    while waiting:
        current = waiting.pop()
        try:
            children = Path(f"/proc/{current}/task/{current}/children").read_text()
            rollup = Path(f"/proc/{current}/smaps_rollup").read_text()
        except OSError:
            continue
        waiting += [int(child) for child in children.split()]
        total_kb += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total_kb / 1024


def rss_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) / 1024
