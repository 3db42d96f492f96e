"""The SAM CLI, unmodified, against the account: build, deploy, update, roll back, look, delete. It asks nobody else."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox.account import LocalAccount, local_account

TOOL = Path(__file__).parents[3] / ".venv-sam" / "bin" / "sam"
SAM = str(TOOL) if TOOL.exists() else shutil.which("sam") or ""
RUNTIME = f"python3.{sys.version_info.minor}"  # `sam build` wants the interpreter of the runtime
TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Parameters: {Stage: {Type: String, Default: dev}}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: RUNTIME
      Handler: app.handler
      CodeUri: src/
      AutoPublishAlias: live
      Environment: {Variables: {STAGE: !Ref Stage}}
Outputs:
  Name: {Description: The function, Value: !Ref F}
""".replace("RUNTIME", RUNTIME)
DEPLOY = ("deploy", "--stack-name", "app", "--resolve-s3", "--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset")
# The CLI asks PyPI once a week whether it is still the newest, and has no switch for that; so it has asked, in 2100.
ASKED_PYPI = '{"lastVersionCheck": 4102444800.0}'
TOO_LONG = "\n  Q: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 43201}}\nOutputs:"


@dataclass
class Shell:
    account: LocalAccount
    folder: Path
    proxy: str

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.folder),
            "COLUMNS": "300",
            "SAM_CLI_TELEMETRY": "0",
            "SAM_CLI_POLL_DELAY": "0.1",
            "HTTPS_PROXY": self.proxy,
            "NO_PROXY": "127.0.0.1",
            **self.account.environ(),
        }
        command = [SAM, *arguments]
        return subprocess.run(command, env=environment, cwd=self.folder, capture_output=True, text=True, timeout=120, check=False)

    def sam(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def write(self, template: str = TEMPLATE, answer: str = "os.environ['STAGE']") -> None:
        (self.folder / "src").mkdir(exist_ok=True)
        (self.folder / "src" / "app.py").write_text(f"import os\n\ndef handler(event, context):\n    return {answer}\n")
        (self.folder / "src" / "requirements.txt").write_text("")
        (self.folder / "template.yaml").write_text(template)


@pytest.fixture(name="elsewhere", scope="module")
def proxy_that_nobody_may_ask() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0)
        yield listening


@pytest.fixture(name="account", scope="module")
def account_of_this_file() -> Iterator[LocalAccount]:
    if not SAM:
        pytest.fail("no SAM CLI here: `./course test tests/sandbox/deployment` makes .venv-sam from requirements/sam.txt first")
    with local_account(seed=2) as account:
        yield account


@pytest.fixture(name="shell")
def shell_in_a_fresh_account(account: LocalAccount, tmp_path: Path, elsewhere: socket.socket) -> Iterator[Shell]:
    account.reset()
    (tmp_path / ".aws-sam").mkdir()
    (tmp_path / ".aws-sam" / "metadata.json").write_text(ASKED_PYPI)
    yield Shell(account, tmp_path, f"http://127.0.0.1:{elsewhere.getsockname()[1]}")
    with pytest.raises(BlockingIOError):  # nobody has connected
        elsewhere.accept()[0].close()


def test_build_and_deploy_then_look_call_and_read_the_log(shell: Shell) -> None:
    shell.write()
    shell.sam("validate", "--lint")
    assert "Build Succeeded" in shell.sam("build")
    said = shell.sam(*DEPLOY, "--parameter-overrides", "Stage=prod")
    assert "Successfully created/updated stack - app" in said
    assert "The function" in said
    rows = json.loads(shell.sam("list", "stack-outputs", "--stack-name", "app", "--output", "json"))
    assert [row["OutputKey"] for row in rows] == ["Name"]
    assert rows[0]["OutputValue"] in shell.sam("list", "resources", "--stack-name", "app", "--output", "json")
    assert shell.sam("remote", "invoke", "F", "--stack-name", "app", "--event", "{}").strip() == '"prod"'
    assert "REPORT RequestId" in shell.sam("logs", "--stack-name", "app")


def test_an_update_publishes_a_version_and_no_change_says_so(shell: Shell) -> None:
    shell.write()
    name = shell.sam(*DEPLOY) and shell.account.client("lambda").list_functions()["Functions"][0]["FunctionName"]
    nothing = shell.run(*DEPLOY)
    assert (nothing.returncode, "No changes to deploy. Stack app is up to date" in nothing.stderr) == (1, True)
    assert shell.run(*DEPLOY, "--no-fail-on-empty-changeset").returncode == 0
    shell.write(answer="'second'")
    said = shell.sam(*DEPLOY)
    assert "* Modify" in said
    answer = shell.account.client("lambda").invoke(FunctionName=name, Qualifier="live")
    assert (answer["ExecutedVersion"], answer["Payload"].read()) == ("2", b'"second"')


def test_a_template_that_fails_is_taken_back_with_the_reason_on_the_screen(shell: Shell) -> None:
    shell.write(TEMPLATE.replace("\nOutputs:", TOO_LONG))
    first = shell.run(*DEPLOY)
    assert first.returncode == 1
    assert "Invalid value for the parameter VisibilityTimeout" in " ".join(first.stdout.split())
    assert shell.account.client("lambda").list_functions()["Functions"] == []
    shell.sam("delete", "--stack-name", "app", "--no-prompts")
    shell.write()
    shell.sam(*DEPLOY)
    shell.write(TEMPLATE.replace("\nOutputs:", TOO_LONG), answer="'never'")
    second = shell.run(*DEPLOY)
    assert "UPDATE_ROLLBACK_COMPLETE" in second.stdout + second.stderr
    name = shell.account.client("lambda").list_functions()["Functions"][0]["FunctionName"]
    assert shell.account.client("lambda").invoke(FunctionName=name, Qualifier="live")["Payload"].read() == b'"dev"'


def test_a_rollout_by_codedeploy_ends_before_deploy_returns(shell: Shell) -> None:
    gradual = TEMPLATE.replace("AutoPublishAlias: live", "AutoPublishAlias: live\n      DeploymentPreference: {Type: AllAtOnce}")
    shell.write(gradual)
    shell.sam(*DEPLOY)
    shell.write(gradual, answer="'second'")
    shell.sam(*DEPLOY)
    codedeploy = shell.account.client("codedeploy")
    (deployment,) = codedeploy.list_deployments()["deployments"]
    assert codedeploy.get_deployment(deploymentId=deployment)["deploymentInfo"]["status"] == "Succeeded"


def test_a_package_is_signed_on_its_way(shell: Shell) -> None:
    shell.write()
    shell.account.client("signer").put_signing_profile(profileName="release", platformId="AWSLambda-SHA384-ECDSA")
    shell.sam(*DEPLOY, "--signing-profiles", "F=release")
    (job,) = shell.account.client("signer").list_signing_jobs()["jobs"]
    assert job["status"] == "Succeeded"
    assert shell.account.client("lambda").list_functions()["Functions"]


def test_delete_takes_the_stack_and_what_was_uploaded_for_it(shell: Shell) -> None:
    shell.write()
    shell.sam(*DEPLOY)
    assert "Deleted successfully" in shell.sam("delete", "--stack-name", "app", "--no-prompts")
    assert shell.account.client("lambda").list_functions()["Functions"] == []
    (bucket,) = [row["Name"] for row in shell.account.client("s3").list_buckets()["Buckets"]]
    assert bucket.startswith("aws-sam-cli-managed-default-samclisourcebucket-")
    assert "Contents" not in shell.account.client("s3").list_objects_v2(Bucket=bucket)
