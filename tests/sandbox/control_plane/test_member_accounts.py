"""Organizations API, CreateAccount: the account's role "grants users in the management account administrator permissions"."""

from __future__ import annotations

import pytest

from sandbox.control_plane.identities import ADMINISTRATOR


@pytest.mark.parametrize("name", [None, "Deployer"])
def test_the_role_that_comes_with_a_member_account_is_its_administrator(plane, name):
    organizations = plane.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    wanted = {"RoleName": name} if name else {}
    member = organizations.create_account(Email="a@example.com", AccountName="m", **wanted)["CreateAccountStatus"]["AccountId"]

    role = f"arn:aws:iam::{member}:role/{name or 'OrganizationAccountAccessRole'}"
    session = plane.identities.mint(role, "setup")

    assert [policy.name for policy in plane.identities.policies(session.principal).identity] == [ADMINISTRATOR]
    assert plane.identities.role_is_assumable(role) is False  # by a function: it trusts the management account only
