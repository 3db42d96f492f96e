"""Signed packages: a profile, a signing job in S3, and what Lambda lets through (Lambda guide, "Code signing").

Texts: the one for a package no allowed profile has signed is aws/aws-cdk#29474's; the others are ours (docs/fidelity.md).
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.account import InprocessAccount, inprocess_account

TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}


def package(text: str = "def handler(event, context):\n    return 1\n") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("app.py", text)
    return buffer.getvalue()


@pytest.fixture(name="shared", scope="module")
def account_of_this_file() -> Iterator[InprocessAccount]:
    with inprocess_account(virtual_time=True, seed=6) as account:
        yield account


class Workshop:
    def __init__(self, account: InprocessAccount) -> None:
        self.account = account
        self.lambda_, self.s3, self.signer = account.client("lambda"), account.client("s3"), account.client("signer")
        role = account.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps({"Statement": [TRUST]}))
        self.role = role["Role"]["Arn"]
        self.s3.create_bucket(Bucket="code")
        self.s3.put_bucket_versioning(Bucket="code", VersioningConfiguration={"Status": "Enabled"})

    def profile(self, name: str = "release", **more: Any) -> str:
        made = self.signer.put_signing_profile(profileName=name, platformId="AWSLambda-SHA384-ECDSA", **more)
        return str(made["profileVersionArn"])

    def sign(self, data: bytes | None = None, profile: str = "release") -> dict[str, Any]:
        version = self.s3.put_object(Bucket="code", Key="app.zip", Body=data or package())["VersionId"]
        source = {"s3": {"bucketName": "code", "key": "app.zip", "version": version}}
        destination = {"s3": {"bucketName": "code", "prefix": "signed/"}}
        job = self.signer.start_signing_job(source=source, destination=destination, profileName=profile)["jobId"]
        self.signer.get_waiter("successful_signing_job").wait(jobId=job)
        found: dict[str, Any] = self.signer.describe_signing_job(jobId=job)
        return found

    def config(self, *publishers: str, policy: str = "Enforce") -> str:
        made = self.lambda_.create_code_signing_config(
            AllowedPublishers={"SigningProfileVersionArns": list(publishers)},
            CodeSigningPolicies={"UntrustedArtifactOnDeployment": policy},
        )
        return str(made["CodeSigningConfig"]["CodeSigningConfigArn"])

    def create(self, config: str, code: dict[str, Any]) -> None:
        given = {"Runtime": "python3.13", "Role": self.role, "Handler": "app.handler", "CodeSigningConfigArn": config}
        self.lambda_.create_function(FunctionName="f", Code=code, **given)

    def warnings(self) -> float:
        now = self.account.account.clock.datetime()
        answer = self.account.client("cloudwatch").get_metric_statistics(
            Namespace="AWS/Lambda",
            MetricName="SignatureValidationErrors",
            Dimensions=[{"Name": "FunctionName", "Value": "f"}],
            StartTime=now.replace(year=now.year - 1),
            EndTime=now.replace(year=now.year + 1),
            Period=60,
            Statistics=["Sum"],
        )
        return float(sum(row["Sum"] for row in answer["Datapoints"]))


@pytest.fixture(name="shop")
def workshop_in_a_fresh_account(shared: InprocessAccount) -> Workshop:
    shared.reset()
    return Workshop(shared)


def at(job: dict[str, Any]) -> dict[str, str]:
    place = job["signedObject"]["s3"]
    return {"S3Bucket": place["bucketName"], "S3Key": place["key"]}


def test_what_an_allowed_profile_has_signed_is_deployed_and_runs(shop: Workshop) -> None:
    config, job = shop.config(shop.profile()), shop.sign()
    assert (job["status"], at(job)["S3Key"].startswith("signed/")) == ("Succeeded", True)
    shop.create(config, at(job))
    assert shop.lambda_.invoke(FunctionName="f")["Payload"].read() == b"1"


def test_enforce_refuses_what_nobody_or_somebody_else_has_signed_and_nothing_is_made(shop: Workshop) -> None:
    config = shop.config(shop.profile())
    shop.profile("other")
    for code in ({"ZipFile": package()}, at(shop.sign(profile="other"))):
        with pytest.raises(ClientError, match="signature that the client is not configured to accept") as refused:
            shop.create(config, code)
        assert refused.value.response["Error"]["Code"] == "CodeVerificationFailedException"
    assert shop.lambda_.list_functions()["Functions"] == []


def test_an_update_is_checked_and_code_that_is_there_runs_on(shop: Workshop) -> None:
    shop.create(shop.config(shop.profile()), at(shop.sign()))
    with pytest.raises(ClientError, match="CodeVerificationFailedException"):
        shop.lambda_.update_function_code(FunctionName="f", ZipFile=package("def handler(e, c):\n    return 2\n"))
    assert shop.lambda_.invoke(FunctionName="f")["Payload"].read() == b"1"


def test_a_layer_must_be_signed_as_well(shop: Workshop) -> None:
    shop.create(shop.config(shop.profile()), at(shop.sign()))
    layer = shop.lambda_.publish_layer_version(LayerName="l", Content={"ZipFile": package()})["LayerVersionArn"]
    with pytest.raises(ClientError, match="CodeVerificationFailedException"):
        shop.lambda_.update_function_configuration(FunctionName="f", Layers=[layer])


def test_warn_lets_through_and_counts(shop: Workshop) -> None:
    shop.create(shop.config(shop.profile(), policy="Warn"), {"ZipFile": package()})
    assert shop.warnings() == 1
    shop.lambda_.update_function_code(FunctionName="f", **at(shop.sign()))
    assert shop.warnings() == 1


@pytest.mark.parametrize("policy", ["Warn", "Enforce"])
def test_a_package_changed_after_signing_is_refused_under_either_policy(shop: Workshop, policy: str) -> None:
    config, job = shop.config(shop.profile(), policy=policy), shop.sign()
    signed = shop.s3.get_object(Bucket="code", Key=at(job)["S3Key"])["Body"].read()
    buffer = io.BytesIO(signed)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("extra.py", "import os\n")
    forged = io.BytesIO(package())
    with zipfile.ZipFile(forged, "a") as archive:
        archive.writestr("META-INF/aws_signer_signature_v1.0.SF", '{"jobId": "mine"}')
    for data in (buffer.getvalue(), forged.getvalue()):
        with pytest.raises(ClientError, match="InvalidCodeSignatureException"):
            shop.create(config, {"ZipFile": data})


def test_a_signature_expires_and_can_be_revoked(shop: Workshop) -> None:
    config = shop.config(shop.profile(signatureValidityPeriod={"type": "DAYS", "value": 2}))
    old, taken_back = shop.sign(), shop.sign()
    shop.signer.revoke_signature(jobId=taken_back["jobId"], reason="the key was lost")
    with pytest.raises(ClientError, match="has been revoked"):
        shop.create(config, at(taken_back))
    shop.account.control.advance(3 * 86_400)
    with pytest.raises(ClientError, match="has expired"):
        shop.create(config, at(old))


def test_a_job_that_cannot_be_done_fails_and_a_profile_that_is_not_there_is_named(shop: Workshop) -> None:
    shop.profile()
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        shop.signer.get_signing_profile(profileName="nobody")
    shop.s3.put_object(Bucket="code", Key="text", Body=b"no zip")
    source = {"s3": {"bucketName": "code", "key": "text", "version": "null"}}
    destination = {"s3": {"bucketName": "code", "prefix": ""}}
    job = shop.signer.start_signing_job(source=source, destination=destination, profileName="release")["jobId"]
    assert shop.signer.describe_signing_job(jobId=job)["status"] == "Failed"
    source = {"s3": {"bucketName": "nowhere", "key": "text", "version": "1"}}
    other = shop.signer.start_signing_job(source=source, destination=destination, profileName="release")["jobId"]
    assert shop.signer.describe_signing_job(jobId=other)["statusReason"]
    shop.signer.cancel_signing_profile(profileName="release")
    with pytest.raises(ClientError, match="Canceled"):
        shop.signer.start_signing_job(source=source, destination=destination, profileName="release")
    assert [row["jobId"] for row in shop.signer.list_signing_jobs(status="Failed")["jobs"]] == [job, other]


TEMPLATE = """
Resources:
  Profile: {Type: AWS::Signer::SigningProfile, Properties: {PlatformId: AWSLambda-SHA384-ECDSA}}
  Config:
    Type: AWS::Lambda::CodeSigningConfig
    Properties:
      AllowedPublishers: {SigningProfileVersionArns: [!GetAtt Profile.ProfileVersionArn]}
      CodeSigningPolicies: {UntrustedArtifactOnDeployment: Enforce}
Outputs:
  Profile: {Value: !GetAtt Profile.ProfileName}
  Config: {Value: !Ref Config}
"""


def test_a_template_makes_profile_and_configuration(shop: Workshop) -> None:
    cloud = shop.account.client("cloudformation")
    cloud.create_stack(StackName="signing", TemplateBody=TEMPLATE)
    shown = cloud.describe_stacks(StackName="signing")["Stacks"][0]
    assert shown["StackStatus"] == "CREATE_COMPLETE"
    outputs = {row["OutputKey"]: row["OutputValue"] for row in shown["Outputs"]}
    shop.create(outputs["Config"], at(shop.sign(profile=outputs["Profile"])))
    with pytest.raises(ClientError, match="CodeVerificationFailedException"):
        shop.lambda_.update_function_code(FunctionName="f", ZipFile=package())
