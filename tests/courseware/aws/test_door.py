"""The first cell of a notebook on AWS: it leaves the local account for good, or not at all."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import boto3
import pytest

from courseware.aws import on_aws
from courseware.aws.allowed import allow
from courseware.aws.door import _installed
from courseware.aws.run import Run, now_s
from courseware.aws.whose import TEST_ENDPOINT
from courseware.errors import LearnerError
from sandbox.account import local_account

LAB = "function-url"


def test_a_notebook_leaves_its_local_account_only_for_a_lab_that_was_begun(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with local_account(virtual_time=True) as there:
        credentials = tmp_path / "credentials"
        keys = there.environ()
        lines = [f"{name.lower()} = {keys[name]}" for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")]
        profile = ["[sandbox]", *lines, f"region = {there.region}", f"endpoint_url = {there.endpoint_url}"]
        credentials.write_text("\n".join(profile), "utf-8")
        local = {
            "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
            "AWS_ACCESS_KEY_ID": "local",
            "COURSE_CONTROL_URL": "http://127.0.0.1:9",
        }
        for name, value in {**local, TEST_ENDPOINT: there.endpoint_url}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
        monkeypatch.setenv("AWS_CONFIG_FILE", str(credentials_as_config(credentials)))
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
        with pytest.raises(LearnerError, match="not on your allow-list"):
            on_aws(LAB, profile="sandbox")
        assert {name: os.environ[name] for name in local} == local
        allow(there.account_id, "ada")
        with pytest.raises(LearnerError, match=rf"in a terminal: ./course aws start {LAB}"):
            on_aws(LAB, profile="sandbox")
        assert {name: os.environ[name] for name in local} == local
        run = Run(there.account_id, there.region, "ada", LAB, until_s=now_s() + 60)
        replace(run).save()
        with _installed:
            on_aws(LAB, profile="sandbox")
            boto3.client("sqs").create_queue(QueueName="orders")
        assert "COURSE_CONTROL_URL" not in os.environ
        assert there.client("sqs").list_queues()["QueueUrls"][0].endswith(f"/{run.prefix}orders")
    assert run.prefix in capsys.readouterr().out


def credentials_as_config(credentials: Path) -> Path:
    """The same profile as the configuration file writes it."""
    config = credentials.with_name("config")
    config.write_text(credentials.read_text("utf-8").replace("[sandbox]", "[profile sandbox]"), "utf-8")
    return config
