from __future__ import annotations

import timeit
from typing import Any

import pytest

from sandbox.iam.evaluate import EVERYONE_AND_BOUNDARY, NOT_PRINCIPAL_ALONE, UNRESOLVED_NOT_RESOURCE, evaluate
from sandbox.iam.principal import PolicySet, Principal, anonymous, service
from sandbox.iam.verdict import Check, StatementMatch

OBJECT = "arn:aws:s3:::data/k"
KEY = "arn:aws:kms:us-east-1:123456789012:key/1"


def test_nothing_is_allowed_by_default(iam) -> None:
    verdict = iam.ask(iam.user(), "s3:GetObject", OBJECT)
    assert (verdict.decision, verdict.missing, verdict.matches) == ("implicitDeny", "identity", ())


def test_the_deciding_statement_is_named(iam) -> None:
    rows = (
        iam.statement(action="s3:Put*", resource=OBJECT),
        iam.statement(action="s3:Get*", resource="arn:aws:s3:::data/*", Sid="Read"),
    )
    verdict = iam.ask(iam.user(), "s3:GetObject", OBJECT, *rows)
    assert verdict.matches == (StatementMatch("identity", "identity", 1, "Read"),)


def test_a_deny_wins_over_any_allow(iam) -> None:
    verdict = iam.ask(iam.user(), "s3:GetObject", OBJECT, iam.statement(), iam.statement("Deny", action="s3:*", Sid="No"))
    assert (verdict.decision, verdict.missing) == ("explicitDeny", "identity")
    assert verdict.matches == (StatementMatch("identity", "identity", 1, "No"),)


@pytest.mark.parametrize("kind", ["boundary", "session", "scp", "resource"])
def test_a_deny_in_any_kind_of_policy_wins(iam, kind: str) -> None:
    deny = iam.named("p", iam.statement(), iam.statement("Deny", Principal="*" if kind == "resource" else None))
    kinds: dict[str, Any] = {
        "boundary": {"boundary": deny},
        "session": {"session": (deny,)},
        "scp": {"service_control": ((deny,),)},
        "resource": {"own": deny.document},
    }
    verdict = iam.ask(iam.user(), "s3:GetObject", OBJECT, iam.statement(), **kinds[kind])
    assert (verdict.decision, verdict.missing) == ("explicitDeny", kind)


@pytest.mark.parametrize("kind", ["boundary", "session", "scp"])
def test_a_ceiling_that_keeps_silent_refuses(iam, kind: str) -> None:
    other = iam.named("p", iam.statement(action="sqs:*"))
    kinds: dict[str, Any] = {"boundary": other, "session": (other,), "service_control": ((other,),)}
    name = "service_control" if kind == "scp" else kind
    verdict = iam.ask(iam.user(), "s3:GetObject", OBJECT, iam.statement(), **{name: kinds[name]})
    assert (verdict.decision, verdict.missing) == ("implicitDeny", kind)


def test_an_empty_session_policy_list_is_no_missing_one(iam) -> None:
    assert iam.ask(iam.session(), "s3:GetObject", OBJECT, iam.statement(), session=None).allowed
    assert not iam.ask(iam.session(), "s3:GetObject", OBJECT, iam.statement(), session=()).allowed


def test_every_level_of_the_organization_must_allow(iam) -> None:
    full, narrow = iam.named("full", iam.statement()), iam.named("narrow", iam.statement(action="sqs:*"))
    assert iam.ask(iam.user(), "sqs:SendMessage", "*", iam.statement(), service_control=((full,), (full, narrow))).allowed
    verdict = iam.ask(iam.user(), "s3:GetObject", OBJECT, iam.statement(), service_control=((full,), (narrow,)))
    assert (verdict.decision, verdict.missing) == ("implicitDeny", "scp")


def test_actions_are_case_insensitive_and_know_not_action(iam) -> None:
    assert iam.ask(iam.user(), "S3:getobject", OBJECT, iam.statement(action="s3:GetObject")).allowed
    row = iam.statement(action=None, NotAction=["iam:*", "s3:Put?bject"])
    assert iam.ask(iam.user(), "s3:GetObject", OBJECT, row).allowed
    assert not iam.ask(iam.user(), "s3:PutObject", OBJECT, row).allowed


def test_resources_are_case_sensitive_and_know_not_resource(iam) -> None:
    assert not iam.ask(iam.user(), "s3:GetObject", "arn:aws:s3:::Data/k", iam.statement(resource=OBJECT)).allowed
    deny = iam.statement("Deny", resource=None, NotResource="arn:aws:s3:::data/*")
    assert iam.ask(iam.user(), "s3:GetObject", OBJECT, iam.statement(), deny).allowed
    assert not iam.ask(iam.user(), "s3:GetObject", "arn:aws:s3:::other/k", iam.statement(), deny).allowed


def test_an_action_without_resource_types_needs_a_star(iam) -> None:
    assert iam.ask(iam.user(), "s3:ListAllMyBuckets", "*", iam.statement(resource="*")).allowed
    assert not iam.ask(iam.user(), "s3:ListAllMyBuckets", "*", iam.statement(resource="arn:aws:s3:::*")).allowed


def test_variables_are_filled_in_from_the_caller(iam) -> None:
    row = iam.statement(action="s3:GetObject", resource="arn:aws:s3:::home/${aws:username}/*")
    assert iam.ask(iam.user("bob"), "s3:GetObject", "arn:aws:s3:::home/bob/x", row).allowed
    assert not iam.ask(iam.user("eve"), "s3:GetObject", "arn:aws:s3:::home/bob/x", row).allowed
    assert not iam.ask(iam.session(), "s3:GetObject", "arn:aws:s3:::home/bob/x", row).allowed


def test_principal_tags_are_variables(iam) -> None:
    row = iam.statement(resource="arn:aws:s3:::${aws:PrincipalTag/team}/*")
    assert iam.ask(iam.user(tags={"team": "red"}), "s3:GetObject", "arn:aws:s3:::red/x", row).allowed


def test_an_unresolved_variable_in_not_resource_is_marked_undecided(iam) -> None:
    row = iam.statement(resource=None, NotResource="arn:aws:s3:::${aws:PrincipalTag/team}/*")
    verdict = iam.ask(iam.user(), "s3:GetObject", OBJECT, row)
    assert verdict.undecided == (UNRESOLVED_NOT_RESOURCE,)


@pytest.mark.parametrize(
    ("grantee", "held_by_boundary"),
    [
        ({"AWS": "arn:aws:iam::123456789012:role/app"}, True),
        ({"AWS": "AROAAPP"}, True),
        ({"AWS": "arn:aws:sts::123456789012:assumed-role/app/s"}, False),
        ({"AWS": "AROAAPP:s"}, False),
    ],
)
def test_a_role_named_in_a_resource_policy_is_held_by_its_boundary_and_a_session_is_not(iam, grantee, held_by_boundary) -> None:
    own = iam.document(iam.statement(Principal=grantee))
    boundary = iam.named("b", iam.statement(action="sqs:*"))
    assert iam.ask(iam.session(), "s3:GetObject", OBJECT, own=own).allowed
    assert iam.ask(iam.session(), "s3:GetObject", OBJECT, own=own, boundary=boundary).allowed is not held_by_boundary


def test_a_user_named_in_a_resource_policy_needs_nothing_else(iam) -> None:
    own = iam.document(iam.statement(Principal={"AWS": iam.user().arn}))
    verdict = iam.ask(iam.user(), "s3:GetObject", OBJECT, own=own, boundary=iam.named("b", iam.statement(action="sqs:*")))
    assert verdict.allowed
    assert verdict.matches == (StatementMatch("resource", "own", 0),)


@pytest.mark.parametrize("grantee", [{"AWS": "123456789012"}, {"AWS": "arn:aws:iam::123456789012:root"}])
def test_an_account_in_a_resource_policy_delegates_to_its_own_policies(iam, grantee) -> None:
    own = iam.document(iam.statement(Principal=grantee))
    assert not iam.ask(iam.user(), "s3:GetObject", OBJECT, own=own).allowed
    assert iam.ask(iam.user(), "s3:GetObject", OBJECT, iam.statement(), own=own).allowed


def test_everyone_in_a_resource_policy_is_enough_within_the_account(iam) -> None:
    own = iam.document(iam.statement(Principal="*"))
    assert iam.ask(iam.user(), "s3:GetObject", OBJECT, own=own).allowed
    verdict = iam.ask(iam.user(), "s3:GetObject", OBJECT, own=own, boundary=iam.named("b", iam.statement(action="sqs:*")))
    assert (verdict.decision, verdict.undecided) == ("implicitDeny", (EVERYONE_AND_BOUNDARY,))


def test_everyone_beside_a_role_is_the_same_open_question(iam) -> None:
    own = iam.document(iam.statement(Principal={"AWS": iam.session().role_arn}), iam.statement(Principal="*"))
    verdict = iam.ask(iam.session(), "s3:GetObject", OBJECT, own=own, boundary=iam.named("b", iam.statement(action="sqs:*")))
    assert verdict.undecided == (EVERYONE_AND_BOUNDARY,)


def test_across_accounts_both_sides_must_allow(iam) -> None:
    stranger = iam.user(account=iam.other)
    own = iam.document(iam.statement(Principal={"AWS": stranger.arn}))
    assert iam.ask(stranger, "s3:GetObject", OBJECT, iam.statement(), own=own, owner=iam.account).allowed
    assert iam.ask(stranger, "s3:GetObject", OBJECT, own=own, owner=iam.account).missing == "identity"
    assert iam.ask(stranger, "s3:GetObject", OBJECT, iam.statement(), owner=iam.account).missing == "resource"


def test_the_owner_is_read_from_the_arn_when_nobody_says(iam) -> None:
    queue = f"arn:aws:sqs:us-east-1:{iam.other}:q"
    assert iam.ask(iam.user(), "sqs:SendMessage", queue, iam.statement()).missing == "resource"
    managed = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    assert iam.ask(iam.user(), "iam:GetPolicy", managed, iam.statement()).allowed


def test_a_key_is_closed_to_its_own_account_until_its_policy_opens_it(iam) -> None:
    delegating = iam.document(iam.statement(action="kms:*", Principal={"AWS": "arn:aws:iam::123456789012:root"}))
    naming = iam.document(iam.statement(action="kms:Decrypt", Principal={"AWS": iam.user().arn}))
    silent = iam.document(iam.statement(action="kms:*", Principal={"AWS": "arn:aws:iam::123456789012:user/eve"}))
    assert iam.ask(iam.user(), "kms:Decrypt", KEY, iam.statement(), own=delegating).allowed
    assert not iam.ask(iam.user(), "kms:Decrypt", KEY, own=delegating).allowed
    assert iam.ask(iam.user(), "kms:Decrypt", KEY, own=naming).allowed
    assert iam.ask(iam.user(), "kms:Decrypt", KEY, iam.statement(), own=silent).missing == "resource"


def test_services_are_judged_by_the_resource_policy_alone(iam) -> None:
    condition = {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::uploads"}}
    own = iam.document(iam.statement(Principal={"Service": "s3.amazonaws.com"}, Condition=condition))
    topic = "arn:aws:sns:us-east-1:123456789012:t"
    context = {"aws:SourceArn": "arn:aws:s3:::uploads"}
    assert iam.ask(service("s3.amazonaws.com"), "sns:Publish", topic, own=own, context=context).allowed
    assert not iam.ask(service("s3.amazonaws.com"), "sns:Publish", topic, own=own).allowed
    assert not iam.ask(service("sqs.amazonaws.com"), "sns:Publish", topic, own=own, context=context).allowed
    assert iam.ask(service("s3.amazonaws.com"), "sns:Publish", topic, iam.statement()).missing == "resource"


def test_nobody_in_particular_needs_everyone(iam) -> None:
    assert iam.ask(anonymous(), "s3:GetObject", OBJECT, own=iam.document(iam.statement(Principal={"AWS": "*"}))).allowed
    assert not iam.ask(
        anonymous(), "s3:GetObject", OBJECT, own=iam.document(iam.statement(Principal={"AWS": iam.account}))
    ).allowed


def test_the_root_user_needs_no_policy_but_obeys_the_organization(iam) -> None:
    root = Principal("root", iam.account, f"arn:aws:iam::{iam.account}:root")
    assert iam.ask(root, "s3:GetObject", OBJECT).allowed
    assert not iam.ask(root, "s3:GetObject", OBJECT, service_control=((iam.named("n", iam.statement(action="sqs:*")),),)).allowed
    assert not iam.ask(root, "s3:GetObject", OBJECT, own=iam.document(iam.statement("Deny", Principal="*"))).allowed


def test_not_principal_exempts_whom_it_lists(iam) -> None:
    listed = {"AWS": [iam.user().arn, iam.account]}
    deny = iam.document(iam.statement("Deny", NotPrincipal=listed))
    assert iam.ask(iam.user(), "s3:GetObject", OBJECT, iam.statement(), own=deny).allowed
    assert not iam.ask(iam.user("eve", iam.other), "s3:GetObject", OBJECT, iam.statement(), own=deny, owner=iam.account).allowed


def test_not_principal_without_the_account_is_marked_undecided(iam) -> None:
    deny = iam.document(iam.statement("Deny", NotPrincipal={"AWS": iam.user().arn}))
    assert iam.ask(iam.user(), "s3:GetObject", OBJECT, iam.statement(), own=deny).undecided == (NOT_PRINCIPAL_ALONE,)


def test_a_canonical_user_means_its_account(iam) -> None:
    own = iam.document(iam.statement(Principal={"CanonicalUser": "79a5"}))
    assert iam.ask(iam.user(canonical_user_id="79a5"), "s3:GetObject", OBJECT, iam.statement(), own=own, owner=iam.other).allowed
    assert not iam.ask(
        iam.user(canonical_user_id="79a6"), "s3:GetObject", OBJECT, iam.statement(), own=own, owner=iam.other
    ).allowed


def test_identity_statements_with_a_principal_and_own_statements_without_one_say_nothing(iam) -> None:
    assert not iam.ask(iam.user(), "s3:GetObject", OBJECT, iam.statement(Principal="*")).allowed
    assert not iam.ask(anonymous(), "s3:GetObject", OBJECT, own=iam.document(iam.statement())).allowed


def test_one_statement_may_stand_without_a_list(iam) -> None:
    own = {"Version": "2012-10-17", "Statement": iam.statement(Principal="*")}
    assert iam.ask(anonymous(), "s3:GetObject", OBJECT, own=own).allowed


def test_a_typical_role_is_judged_in_microseconds(iam) -> None:
    logs = iam.statement(
        action=["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], resource="arn:aws:logs:*:*:*"
    )
    read = iam.statement(action="s3:Get*", resource="arn:aws:s3:::data/*", Condition={"Bool": {"aws:SecureTransport": "true"}})
    send = iam.statement(action="sqs:SendMessage", resource="arn:aws:sqs:us-east-1:123456789012:q")
    policies = PolicySet(identity=(iam.named("a", logs, read), iam.named("b", send, iam.statement("Deny", action="s3:Delete*"))))
    check = Check("s3:GetObject", OBJECT, {"aws:SecureTransport": "true"})
    principal = iam.session()
    seconds = min(timeit.repeat(lambda: evaluate(principal, check, policies, None), number=500, repeat=5)) / 500
    assert seconds < 100e-6  # about 15 µs on an idle core; the bound leaves room for a busy one
