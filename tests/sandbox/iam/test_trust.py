from __future__ import annotations

import pytest

from sandbox.iam.principal import NamedPolicy, PolicySet, federated, service
from sandbox.iam.trust import may_assume, trusts_service

ROLE = "arn:aws:iam::123456789012:role/app"


def trust(principal, **condition) -> NamedPolicy:
    row = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    if condition:
        row["Condition"] = condition
    return NamedPolicy("trust", {"Version": "2012-10-17", "Statement": [row]})


def test_naming_the_user_is_enough_within_the_account(iam) -> None:
    assert may_assume(iam.user(), ROLE, trust({"AWS": iam.user().arn}), policies=PolicySet()).allowed


def test_naming_the_account_asks_for_the_users_own_policy(iam) -> None:
    own = PolicySet(identity=(iam.named("p", iam.statement(action="sts:AssumeRole", resource=ROLE)),))
    delegating = trust({"AWS": "arn:aws:iam::123456789012:root"})
    assert may_assume(iam.user(), ROLE, delegating, policies=own).allowed
    assert may_assume(iam.user(), ROLE, delegating, policies=PolicySet()).missing == "identity"


def test_a_role_that_trusts_somebody_else_stays_closed_to_an_administrator(iam) -> None:
    admin = PolicySet(identity=(iam.named("p", iam.statement()),))
    verdict = may_assume(iam.user(), ROLE, trust({"Service": "lambda.amazonaws.com"}), policies=admin)
    assert (verdict.decision, verdict.missing) == ("implicitDeny", "trust")


def test_across_accounts_both_must_allow(iam) -> None:
    stranger = iam.user(account=iam.other)
    assert not may_assume(stranger, ROLE, trust({"AWS": stranger.arn}), policies=PolicySet()).allowed
    admin = PolicySet(identity=(iam.named("p", iam.statement()),))
    assert may_assume(stranger, ROLE, trust({"AWS": iam.other}), policies=admin).allowed
    assert not may_assume(stranger, ROLE, trust({"AWS": iam.account}), policies=admin).allowed


@pytest.mark.parametrize(
    ("given", "allowed"), [({"sts:ExternalId": "s3cret"}, True), ({"sts:ExternalId": "x"}, False), ({}, False)]
)
def test_an_external_id_must_be_shown(iam, given, allowed) -> None:
    guarded = trust({"AWS": iam.user().arn}, StringEquals={"sts:ExternalId": "s3cret"})
    assert may_assume(iam.user(), ROLE, guarded, context=given).allowed is allowed


def test_a_service_is_trusted_by_name_and_source_account() -> None:
    assert trusts_service(trust({"Service": "lambda.amazonaws.com"}), ROLE, service("lambda.amazonaws.com"))
    assert not trusts_service(trust({"Service": "ec2.amazonaws.com"}), ROLE, service("lambda.amazonaws.com"))
    guarded = trust({"Service": "events.amazonaws.com"}, StringEquals={"aws:SourceAccount": "123456789012"})
    events = service("events.amazonaws.com")
    assert may_assume(events, ROLE, guarded, context={"aws:SourceAccount": "123456789012"}).allowed
    assert not may_assume(events, ROLE, guarded, context={"aws:SourceAccount": "999999999999"}).allowed


def test_a_federated_caller_is_its_provider() -> None:
    row = {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": "accounts.google.com"}}
    policy = NamedPolicy("trust", {"Version": "2012-10-17", "Statement": [row]})
    action = "sts:AssumeRoleWithWebIdentity"
    assert may_assume(federated("accounts.google.com"), ROLE, policy, action).allowed
    assert not may_assume(federated("www.amazon.com"), ROLE, policy, action).allowed


def test_tagging_a_session_is_the_trust_policys_to_allow(iam) -> None:
    own = PolicySet(identity=(iam.named("p", iam.statement(action="sts:*")),))
    verdict = may_assume(iam.user(), ROLE, trust({"AWS": iam.account}), "sts:TagSession", policies=own)
    assert (verdict.decision, verdict.missing) == ("implicitDeny", "trust")


def test_an_explicit_deny_in_the_trust_policy_is_told_as_such(iam) -> None:
    row = {"Effect": "Deny", "Action": "sts:AssumeRole", "Principal": "*"}
    policy = NamedPolicy("trust", {"Version": "2012-10-17", "Statement": [row]})
    verdict = may_assume(iam.user(), ROLE, policy)
    assert (verdict.decision, verdict.missing) == ("explicitDeny", "trust")
