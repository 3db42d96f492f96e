"""IAM user guide, "AWS global condition context keys": aws:PrincipalOrgID, …OrgPaths and …OrgMasterAccount are there when the
caller's account belongs to an organization, as its management account does, too."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.iam.evaluate import evaluate
from sandbox.iam.principal import NamedPolicy
from sandbox.iam.verdict import Check

OURS = "123456789012"


@pytest.fixture(name="units")
def organization_with_a_unit_and_a_member(plane: Any) -> dict[str, str]:
    client = plane.client("organizations")
    org = client.create_organization(FeatureSet="ALL")["Organization"]["Id"]
    root = client.list_roots()["Roots"][0]["Id"]
    unit = client.create_organizational_unit(ParentId=root, Name="shops")["OrganizationalUnit"]["Id"]
    member = client.create_account(Email="a@example.com", AccountName="m")["CreateAccountStatus"]["AccountId"]
    client.move_account(AccountId=member, SourceParentId=root, DestinationParentId=unit)
    return {"org": org, "root": root, "unit": unit, "member": member}


def admitted(plane: Any, account: str, operator: str, key: str, value: str) -> bool:
    """Whether a topic that lets in everybody under this condition takes a message of the account's administrator."""
    role = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
    caller = (plane.identities.mint(role, "page") if account != OURS else plane.identities.learner()).principal
    door = {"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": "*", "Condition": {operator: {key: value}}}
    resource = f"arn:aws:sns:us-east-1:{OURS if account != OURS else '999999999999'}:news"
    policy = NamedPolicy("door", {"Version": "2012-10-17", "Statement": [door]})
    return evaluate(caller, Check("sns:Publish", resource), plane.identities.policies(caller), policy).allowed


def test_a_member_is_known_by_its_organization_path_and_management_account(plane: Any, units: dict[str, str]) -> None:
    org, member = units["org"], units["member"]
    below = f"{org}/{units['root']}/{units['unit']}/"
    assert admitted(plane, member, "StringEquals", "aws:PrincipalOrgID", org)
    assert not admitted(plane, member, "StringEquals", "aws:PrincipalOrgID", "o-another000")
    assert admitted(plane, member, "ForAnyValue:StringEquals", "aws:PrincipalOrgPaths", below)
    assert admitted(plane, member, "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", f"{org}/{units['root']}/*")
    assert not admitted(plane, member, "ForAnyValue:StringEquals", "aws:PrincipalOrgPaths", f"{org}/{units['root']}/")
    assert admitted(plane, member, "StringEquals", "aws:PrincipalOrgMasterAccount", OURS)


def test_the_management_account_is_of_its_organization(plane: Any, units: dict[str, str]) -> None:
    assert admitted(plane, OURS, "StringEquals", "aws:PrincipalOrgID", units["org"])


def test_who_has_left_is_of_no_organization(plane: Any, units: dict[str, str]) -> None:
    plane.client("organizations").remove_account_from_organization(AccountId=units["member"])
    assert not admitted(plane, units["member"], "StringLike", "aws:PrincipalOrgID", "o-*")
