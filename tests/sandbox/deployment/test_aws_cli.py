"""``aws cloudformation package`` and ``deploy``, unmodified, with a SAM template and code in a folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.account import LocalAccount, local_account

TOOLS = Path(__file__).parents[3] / ".venv-tools" / "bin" / "aws"
AWS = str(TOOLS) if TOOLS.exists() else shutil.which("aws") or ""
TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Parameters: {Stage: {Type: String, Default: dev}}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/, Environment: {Variables: {STAGE: !Ref Stage}}}
Outputs:
  Name: {Value: !Ref F}
"""


@pytest.fixture(name="account", scope="module")
def account_of_this_file() -> Iterator[LocalAccount]:
    with local_account(seed=2) as account:
        yield account


def aws(account: LocalAccount, folder: Path, *arguments: str) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "AWS_PAGER": "", **account.environ()}
    done = subprocess.run([AWS, *arguments], env=environment, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_package_and_deploy_a_serverless_function(account: LocalAccount, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text("import os\n\ndef handler(event, context):\n    return os.environ['STAGE']\n")
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    aws(account, tmp_path, "s3", "mb", "s3://artifacts")
    package = ("--template-file", "template.yaml", "--s3-bucket", "artifacts", "--output-template-file", "packaged.yaml")
    aws(account, tmp_path, "cloudformation", "package", *package)
    deploy = ("cloudformation", "deploy", "--template-file", "packaged.yaml", "--stack-name", "app")
    said = aws(account, tmp_path, *deploy, "--capabilities", "CAPABILITY_IAM", "--parameter-overrides", "Stage=prod")
    assert "Successfully created/updated stack - app" in said
    query = ("--query", "Stacks[0].Outputs[0].OutputValue", "--output", "text")
    name = aws(account, tmp_path, "cloudformation", "describe-stacks", "--stack-name", "app", *query)
    aws(account, tmp_path, "lambda", "invoke", "--function-name", name, "answer.json")
    assert (tmp_path / "answer.json").read_text() == '"prod"'


CUSTOM = """
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
  Maker:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          import cfnresponse
          def handler(event, context):
              cfnresponse.send(event, context, cfnresponse.SUCCESS, {"Loud": "ONE"})
  Thing:
    Type: Custom::Thing
    Properties: {ServiceToken: !GetAtt Maker.Arn}
Outputs:
  Loud: {Value: !GetAtt Thing.Loud}
"""


def test_a_custom_resource_answers_over_http(account: LocalAccount, tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(CUSTOM)
    deploy = ("cloudformation", "create-stack", "--stack-name", "custom", "--template-body", "file://template.yaml")
    aws(account, tmp_path, *deploy, "--capabilities", "CAPABILITY_IAM")
    waiter = account.client("cloudformation").get_waiter("stack_create_complete")
    waiter.wait(StackName="custom", WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    outputs = account.client("cloudformation").describe_stacks(StackName="custom")["Stacks"][0]["Outputs"]
    assert outputs[0]["OutputValue"] == "ONE"
