from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from sandbox.control_plane.identities import ADMINISTRATOR
from sandbox.errors import AwsError

ALLOW_GET = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}


def trust(principal, effect="Allow", action="sts:AssumeRole"):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": effect, "Principal": principal, "Action": action}]})


LAMBDA = trust({"Service": "lambda.amazonaws.com"})


def names(policies):
    return [policy.name for policy in policies]


def test_the_learner_is_known_before_moto_is_imported_and_the_same_afterwards(plane):
    learner = plane.identities.learner()
    before = plane.identities.credential(learner.access_key_id)
    policies_before = plane.identities.policies(learner.principal)
    plane.warm_up()
    after = plane.identities.credential(learner.access_key_id)
    assert before.principal == after.principal == learner.principal
    assert after.secret_access_key == learner.secret_access_key
    assert names(policies_before.identity) == names(plane.identities.policies(learner.principal).identity) == [ADMINISTRATOR]


def test_the_api_shows_the_learner_as_an_ordinary_user(plane):
    user = plane.client("iam").get_user()["User"]
    assert user["UserName"] == "learner"
    assert user["UserId"] == plane.identities.learner().principal.user_id
    keys = plane.client("iam").list_access_keys(UserName="learner")["AccessKeyMetadata"]
    assert [key["AccessKeyId"] for key in keys] == [plane.identities.learner().access_key_id]


def test_every_kind_of_caller_is_told_who_it_is(plane):
    iam = plane.client("iam")
    arn = iam.create_role(RoleName="r", AssumeRolePolicyDocument=LAMBDA)["Role"]["Arn"]
    identity = plane.client("sts").get_caller_identity()
    assert identity["Arn"] == "arn:aws:iam::123456789012:user/learner"
    function = plane.identities.mint(arn, "my-function", source_function_arn="arn:aws:lambda:us-east-1:123456789012:function:f")
    identity = plane.client("sts", credential=function).get_caller_identity()
    assert identity["Arn"] == "arn:aws:sts::123456789012:assumed-role/r/my-function"
    assert identity["UserId"].endswith(":my-function")
    assert function.principal.source_function_arn.endswith(":function:f")


def test_a_role_session_asking_for_its_user_is_refused_as_aws_words_it(plane):
    arn = plane.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=LAMBDA)["Role"]["Arn"]
    with pytest.raises(ClientError, match="Must specify userName when calling with non-User credentials"):
        plane.client("iam", credential=plane.identities.mint(arn, "s1")).get_user()


def test_all_policies_of_a_user_are_found(plane):
    iam = plane.client("iam")
    iam.create_user(UserName="u")
    iam.put_user_policy(UserName="u", PolicyName="own", PolicyDocument=json.dumps(ALLOW_GET))
    mine = iam.create_policy(PolicyName="mine", PolicyDocument=json.dumps(ALLOW_GET))["Policy"]["Arn"]
    iam.attach_user_policy(UserName="u", PolicyArn=mine)
    iam.create_group(GroupName="g")
    iam.put_group_policy(GroupName="g", PolicyName="groups", PolicyDocument=json.dumps(ALLOW_GET))
    iam.attach_group_policy(GroupName="g", PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    iam.add_user_to_group(GroupName="g", UserName="u")
    iam.put_user_permissions_boundary(UserName="u", PermissionsBoundary=mine)
    key = iam.create_access_key(UserName="u")["AccessKey"]

    credential = plane.identities.credential(key["AccessKeyId"])
    policies = plane.identities.policies(credential.principal)

    assert credential.secret_access_key == key["SecretAccessKey"]
    expected = ["inline:own", mine, "inline:groups", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]
    assert names(policies.identity) == expected
    assert policies.identity[0].document == ALLOW_GET
    assert policies.boundary.name == mine
    assert iam.get_user(UserName="u")["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == mine


def test_the_default_version_of_a_managed_policy_counts(plane):
    iam = plane.client("iam")
    arn = iam.create_policy(PolicyName="p", PolicyDocument=json.dumps(ALLOW_GET))["Policy"]["Arn"]
    iam.attach_user_policy(UserName="learner", PolicyArn=arn)
    newer = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(newer), SetAsDefault=True)
    found = {policy.name: policy.document for policy in plane.identities.policies(plane.identities.learner().principal).identity}
    assert found[arn] == newer


def test_a_change_of_policies_is_seen_at_once_and_a_read_changes_nothing(plane):
    iam = plane.client("iam")
    iam.create_user(UserName="u")
    principal = plane.identities.credential(iam.create_access_key(UserName="u")["AccessKey"]["AccessKeyId"]).principal
    assert plane.identities.policies(principal).identity == ()
    revision = plane.identities.revision
    iam.list_users()
    assert plane.identities.revision == revision
    iam.put_user_policy(UserName="u", PolicyName="own", PolicyDocument=json.dumps(ALLOW_GET))
    assert plane.identities.revision > revision
    assert names(plane.identities.policies(principal).identity) == ["inline:own"]


def test_inactive_and_deleted_keys_are_unknown(plane):
    iam = plane.client("iam")
    iam.create_user(UserName="u")
    key = iam.create_access_key(UserName="u")["AccessKey"]["AccessKeyId"]
    assert plane.identities.credential(key) is not None
    iam.update_access_key(UserName="u", AccessKeyId=key, Status="Inactive")
    assert plane.identities.credential(key) is None
    iam.update_access_key(UserName="u", AccessKeyId=key, Status="Active")
    iam.delete_access_key(UserName="u", AccessKeyId=key)
    assert plane.identities.credential(key) is None
    assert plane.identities.credential("AKIAAAAAAAAAAAAAAAAA") is None


def test_sessions_carry_their_policies_and_tags_and_end_on_the_accounts_clock(make_plane):
    plane = make_plane(virtual=True, start=1_900_000_000.0)
    arn = plane.client("iam").create_role(
        RoleName="r", AssumeRolePolicyDocument=LAMBDA, Tags=[{"Key": "team", "Value": "a"}, {"Key": "env", "Value": "x"}]
    )["Role"]["Arn"]
    sts = plane.client("sts")
    tags = [{"Key": "env", "Value": "session"}]
    policy = json.dumps(ALLOW_GET)
    narrow = sts.assume_role(RoleArn=arn, RoleSessionName="same", Policy=policy, Tags=tags, DurationSeconds=900)
    wide = sts.assume_role(RoleArn=arn, RoleSessionName="same")

    credential = plane.identities.credential(narrow["Credentials"]["AccessKeyId"])
    assert credential.session_token == narrow["Credentials"]["SessionToken"]
    assert credential.expires_at == 1_900_000_900.0
    assert credential.principal.tags == {"team": "a", "env": "session"}
    assert plane.identities.policies(credential.principal).session[0].document == ALLOW_GET
    other = plane.identities.credential(wide["Credentials"]["AccessKeyId"])
    assert plane.identities.policies(other.principal).session is None
    assert narrow["AssumedRoleUser"]["Arn"].endswith(":assumed-role/r/same")


def test_federated_users_start_with_nothing_but_their_session_policy(plane):
    token = plane.client("sts").get_federation_token(Name="bob", Policy=json.dumps(ALLOW_GET))
    credential = plane.identities.credential(token["Credentials"]["AccessKeyId"])
    assert token["FederatedUser"]["Arn"] == credential.principal.arn == "arn:aws:sts::123456789012:federated-user/bob"
    policies = plane.identities.policies(credential.principal)
    assert names(policies.identity) == [ADMINISTRATOR]
    assert names(policies.session) == ["session"]
    bare = plane.client("sts").get_federation_token(Name="eve")
    assert plane.identities.policies(plane.identities.credential(bare["Credentials"]["AccessKeyId"]).principal).session == ()


def test_session_tokens_stand_for_the_user(plane):
    token = plane.client("sts").get_session_token()["Credentials"]
    credential = plane.identities.credential(token["AccessKeyId"])
    assert credential.principal.arn == "arn:aws:iam::123456789012:user/learner"
    assert plane.client("sts", credential=credential).get_caller_identity()["Arn"] == credential.principal.arn


@pytest.mark.parametrize("seconds", [899, 3601, 129_601])
def test_session_durations_have_limits(plane, seconds):
    arn = plane.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=LAMBDA)["Role"]["Arn"]
    client = plane.client("sts", parameter_validation=False)
    with pytest.raises(ClientError, match="ValidationError"):
        client.assume_role(RoleArn=arn, RoleSessionName="s1", DurationSeconds=seconds)


def test_a_session_policy_that_is_no_json_is_refused(plane):
    arn = plane.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=LAMBDA)["Role"]["Arn"]
    with pytest.raises(ClientError, match="MalformedPolicyDocument"):
        plane.client("sts").assume_role(RoleArn=arn, RoleSessionName="s1", Policy="{no json")


def test_a_policy_that_is_no_json_is_refused_by_iam(plane):
    with pytest.raises(ClientError, match="MalformedPolicyDocument"):
        plane.client("iam").create_policy(PolicyName="p", PolicyDocument="{no json")


def test_assuming_a_role_that_is_not_there_is_denied_not_missing(plane):
    with pytest.raises(ClientError, match=r"AccessDenied.*not authorized to perform: sts:AssumeRole"):
        plane.client("sts").assume_role(RoleArn="arn:aws:iam::123456789012:role/none", RoleSessionName="s1")
    with pytest.raises(AwsError):
        plane.identities.mint("arn:aws:iam::123456789012:role/none", "s1")


@pytest.mark.parametrize(
    ("document", "assumable"),
    [
        (LAMBDA, True),
        (trust({"Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"]}, action=["sts:AssumeRole", "sts:TagSession"]), True),
        (trust({"Service": "ec2.amazonaws.com"}), False),
        (trust({"AWS": "arn:aws:iam::123456789012:root"}), False),
        (trust({"Service": "lambda.amazonaws.com"}, effect="Deny"), False),
        (trust({"Service": "lambda.amazonaws.com"}, action="sts:TagSession"), False),
    ],
)
def test_lambda_may_assume_what_trusts_it(plane, document, assumable):
    arn = plane.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    assert plane.identities.role_is_assumable(arn) is assumable


def test_no_role_is_assumable_that_does_not_exist(plane):
    assert not plane.identities.role_is_assumable("arn:aws:iam::123456789012:role/none")
    assert not plane.identities.role_is_assumable("no arn")


def test_roles_are_found_by_their_whole_arn_with_its_path(plane):
    made = plane.client("iam").create_role(RoleName="r", Path="/service-role/", AssumeRolePolicyDocument=LAMBDA)["Role"]["Arn"]
    assert plane.identities.role(made).name == "r"
    assert plane.identities.role("arn:aws:iam::123456789012:role/r") is None
    assert plane.identities.mint(made, "f").principal.arn == "arn:aws:sts::123456789012:assumed-role/r/f"


def test_accounts_side_by_side_have_their_own_learners(plane):
    other = plane.identities.add_account("210987654321")
    assert plane.identities.add_account("210987654321") is other
    assert plane.client("sts", credential=other).get_caller_identity()["Account"] == "210987654321"
    arn = plane.client("iam", credential=other).create_role(RoleName="r", AssumeRolePolicyDocument=LAMBDA)["Role"]["Arn"]
    assert arn == "arn:aws:iam::210987654321:role/r"
    assert plane.identities.role(arn) is not None
    assert [row["RoleName"] for row in plane.client("iam").list_roles()["Roles"]] == []
    with pytest.raises(ValueError, match="12 digits"):
        plane.identities.add_account("1")


def test_service_control_policies_bind_member_accounts_level_by_level(plane):
    organizations = plane.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    unit = organizations.create_organizational_unit(ParentId=root, Name="u")["OrganizationalUnit"]["Id"]
    member = organizations.create_account(Email="a@example.com", AccountName="m")["CreateAccountStatus"]["AccountId"]
    organizations.move_account(AccountId=member, SourceParentId=root, DestinationParentId=unit)
    content = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]})
    policy = organizations.create_policy(Content=content, Description="d", Name="no-s3", Type="SERVICE_CONTROL_POLICY")
    organizations.attach_policy(PolicyId=policy["Policy"]["PolicySummary"]["Id"], TargetId=unit)
    credential = plane.identities.add_account(member)

    levels = plane.identities.policies(credential.principal).service_control

    assert [names(level) for level in levels] == [["FullAWSAccess"], ["FullAWSAccess", "no-s3"], ["FullAWSAccess"]]
    assert plane.identities.policies(plane.identities.learner().principal).service_control == ()  # the management account


def test_aws_managed_policies_are_there_even_the_rare_ones(plane):
    iam = plane.client("iam")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=LAMBDA)
    for name in ("service-role/AWSLambdaBasicExecutionRole", "AWSXRayDaemonWriteAccess", "ReadOnlyAccess", "AmazonRDSFullAccess"):
        arn = f"arn:aws:iam::aws:policy/{name}"
        iam.attach_role_policy(RoleName="r", PolicyArn=arn)
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        assert iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]["Statement"]
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.attach_role_policy(RoleName="r", PolicyArn="arn:aws:iam::aws:policy/NoSuchPolicyAnywhere")


def test_sessions_are_bounded(plane, monkeypatch):
    monkeypatch.setattr("sandbox.control_plane.sessions.SESSIONS_MAX", 50)
    arn = plane.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=LAMBDA)["Role"]["Arn"]
    for _ in range(200):
        last = plane.identities.mint(arn, "f")
    assert len(plane.identities.sessions) <= 50
    assert plane.identities.credential(last.access_key_id) is last


def test_sessions_that_expired_are_dropped_long_before_the_store_is_full(plane):
    arn = plane.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=LAMBDA)["Role"]["Arn"]
    for _ in range(3):
        for _ in range(300):
            plane.identities.mint(arn, "f")
        clock = plane.world.clock
        clock.move_to(clock.now() + 14 * 3600)
    assert len(plane.identities.sessions) <= 600


def test_the_policy_simulator_answers_for_documents_and_for_principals(plane):
    iam = plane.client("iam")
    custom = iam.simulate_custom_policy(
        PolicyInputList=[json.dumps(ALLOW_GET)], ActionNames=["s3:GetObject", "s3:PutObject"], ResourceArns=["arn:aws:s3:::b/k"]
    )
    assert [row["EvalDecision"] for row in custom["EvaluationResults"]] == ["allowed", "implicitDeny"]
    arn = iam.create_role(RoleName="r", AssumeRolePolicyDocument=LAMBDA)["Role"]["Arn"]
    iam.put_role_policy(RoleName="r", PolicyName="own", PolicyDocument=json.dumps(ALLOW_GET))
    for source, action, decision in [(arn, "s3:GetObject", "allowed"), (arn, "s3:PutObject", "implicitDeny")]:
        [row] = iam.simulate_principal_policy(PolicySourceArn=source, ActionNames=[action])["EvaluationResults"]
        assert row["EvalDecision"] == decision
    [row] = iam.simulate_principal_policy(
        PolicySourceArn="arn:aws:iam::123456789012:user/learner", ActionNames=["sqs:SendMessage"]
    )["EvaluationResults"]
    assert row["EvalDecision"] == "allowed"
    keys = iam.get_context_keys_for_custom_policy(PolicyInputList=[json.dumps(ALLOW_GET)])
    assert keys["ContextKeyNames"] == []


@pytest.mark.parametrize("kind", ["role", "user"])
def test_a_policy_that_is_a_boundary_cannot_be_deleted(plane, kind):
    """AWS's answer as gruntwork-io/cloud-nuke 972 and rebuy-de/aws-nuke 819 quote it."""
    iam = plane.client("iam")
    arn = iam.create_policy(PolicyName="edge", PolicyDocument=json.dumps(ALLOW_GET))["Policy"]["Arn"]
    if kind == "role":
        iam.create_role(RoleName="r", AssumeRolePolicyDocument=LAMBDA, PermissionsBoundary=arn)
    else:
        iam.create_user(UserName="u")
        iam.put_user_permissions_boundary(UserName="u", PermissionsBoundary=arn)
    with pytest.raises(ClientError, match="Cannot delete a policy attached to entities") as caught:
        iam.delete_policy(PolicyArn=arn)
    assert caught.value.response["Error"]["Code"] == "DeleteConflict"
    if kind == "role":
        iam.delete_role_permissions_boundary(RoleName="r")
    else:
        iam.delete_user_permissions_boundary(UserName="u")
    iam.delete_policy(PolicyArn=arn)
