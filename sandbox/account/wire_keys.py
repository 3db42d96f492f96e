"""Keys of the customer's own for environment variables: who may see them, and what a key that does not work does to a start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.errors import AwsError
from sandbox.functions.caller import ApiCaller
from sandbox.functions.function import FunctionVersion
from sandbox.iam.verdict import Check

if TYPE_CHECKING:
    from sandbox.account.wiring import Account
    from sandbox.front_door.gate import Rooms

_CANNOT = "Lambda was unable to decrypt the environment variables because"
_SETTINGS = "Please check the function's KMS key settings."
# Invoke, API reference: each of the three is a 502.
_REASONS = {
    "KMSNotFoundException": "the KMS key was not found",
    "KMSDisabledException": "the KMS key used is disabled",
    "KMSInvalidStateException": "the state of the KMS key used is not valid for Decrypt",
}


def wire_keys(account: Account, rooms: Rooms) -> None:
    def may_decrypt(caller: ApiCaller, key_arn: str) -> bool:
        owner = key_arn.split(":")[4]
        context = {
            "kms:ViaService": f"lambda.{caller.region}.amazonaws.com",
            "kms:CallerAccount": caller.principal.account_id,
            "aws:ResourceAccount": owner,
        }
        ruling = rooms.admission.decide(caller.principal, [Check("kms:Decrypt", key_arn, context, owner)])
        return ruling.allowed

    def opened(version: FunctionVersion) -> None:
        """Called for a new environment; one that has its variables lives on."""
        if version.kms_key_arn and version.variables:
            code = account.plane.key_refusal(version.kms_key_arn)
            if code:
                raise AwsError(code, f"{_CANNOT} {_REASONS[code]}. {_SETTINGS}", 502)

    rooms.lambda_api.may_decrypt = may_decrypt
    account.invoker.open_variables_by(opened)
    account.registry.vpc_of = lambda account_id, region, subnet: account.plane.find(account_id, region, "ec2:vpc", subnet)
