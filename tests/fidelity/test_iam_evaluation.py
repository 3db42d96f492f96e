"""How policies out of AWS's documentation decide together, and what their elements mean. Each case names its page.

IAM stands for the IAM user guide, ORG for the Organizations user guide, KMS for the KMS developer guide, DDB for the DynamoDB
developer guide, LAMBDA for the Lambda developer guide.
"""

from __future__ import annotations

import pytest

from tests.fidelity.iam_case import BUCKET, DENIED, NO, OBJECT, YES, A, B, Case, allow, deny, role, user

QUEUE, TOPIC = f"arn:aws:sqs:us-east-2:{A}:queue1", f"arn:aws:sns:us-east-2:{A}:MyTopic"
DEMO_ROLE = f"arn:aws:iam::{A}:role/DemoRole"

LOGIC = "IAM reference_policies_evaluation-logic"
BOUNDARIES = "IAM access_policies_boundaries"
CROSS = "IAM reference_policies_evaluation-logic-cross-account"
ELEMENTS = "IAM reference_policies_elements"

SHIRLEY = (allow(["s3:*", "cloudwatch:*", "ec2:*"]),)
REGIONS = {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}
DENY_REGIONS = (
    {"Effect": "Deny", "NotAction": ["iam:*", "organizations:*", "sts:*"], "Resource": "*", "Condition": REGIONS},
    allow(),
)
MFA = (
    {
        "Effect": "Deny",
        "NotAction": ["iam:ListMFADevices", "sts:GetSessionToken"],
        "Resource": "*",
        "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    },
    allow(),
)
HR = (
    allow("s3:*"),
    {"Effect": "Deny", "Action": "s3:*", "NotResource": ["arn:aws:s3:::HRBucket/Payroll", "arn:aws:s3:::HRBucket/Payroll/*"]},
)

CASES = [
    # -- how decisions are made
    Case(f"{LOGIC} (default)", NO, "s3:GetObject", OBJECT),
    Case(f"{LOGIC}_AccessPolicyLanguage_Interplay", DENIED, "s3:GetObject", OBJECT, (allow("s3:*"), deny("s3:GetObject"))),
    Case(f"{LOGIC}_AccessPolicyLanguage_Interplay", NO, "s3:GetObject", OBJECT, (allow("sqs:*"),)),
    Case(
        f"{LOGIC}_policy-eval-basics-single-account: role ARN, boundary silent",
        NO,
        "s3:GetObject",
        OBJECT,
        who=role(),
        own=(allow("s3:GetObject", f"{BUCKET}/*", principal={"AWS": role().role_arn}),),
        boundary=(allow("sqs:*"),),
    ),
    Case(
        f"{LOGIC}_policy-eval-basics-single-account: role ARN, no identity policy",
        YES,
        "s3:GetObject",
        OBJECT,
        who=role(),
        own=(allow("s3:GetObject", f"{BUCKET}/*", principal={"AWS": role().role_arn}),),
    ),
    Case(
        f"{LOGIC}_policy-eval-basics-single-account: session ARN, boundary silent",
        YES,
        "s3:GetObject",
        OBJECT,
        who=role(),
        own=(allow("s3:GetObject", f"{BUCKET}/*", principal={"AWS": role().arn}),),
        boundary=(allow("sqs:*"),),
    ),
    Case(
        f"{LOGIC}_policy-eval-basics-single-account: role ARN, session policy silent",
        NO,
        "s3:GetObject",
        OBJECT,
        who=role(),
        own=(allow("s3:GetObject", f"{BUCKET}/*", principal={"AWS": role().role_arn}),),
        session=(allow("sqs:*"),),
    ),
    Case(
        f"{LOGIC}_policy-eval-basics-single-account: session ARN, session policy silent",
        YES,
        "s3:GetObject",
        OBJECT,
        who=role(),
        own=(allow("s3:GetObject", f"{BUCKET}/*", principal={"AWS": role().arn}),),
        session=(allow("sqs:*"),),
    ),
    Case(
        f"{LOGIC}_policy-eval-basics-single-account: user ARN, boundary silent",
        YES,
        "s3:GetObject",
        OBJECT,
        own=(allow("s3:GetObject", f"{BUCKET}/*", principal={"AWS": user().arn}),),
        boundary=(allow("sqs:*"),),
    ),
    Case(
        f"{LOGIC}_policy-eval-denyallow: session policy",
        NO,
        "s3:PutObject",
        OBJECT,
        (allow("s3:*"),),
        role(),
        session=(allow("s3:Get*"),),
    ),
    Case(
        f"{LOGIC}_policy-eval-denyallow: deny in the resource's policy",
        DENIED,
        "s3:PutObject",
        OBJECT,
        (allow(),),
        own=(deny("s3:PutObject", f"{BUCKET}/*", principal="*"),),
    ),
    # -- boundaries
    Case(
        f"{BOUNDARIES} (ShirleyRodriguez)",
        NO,
        "iam:CreateUser",
        f"arn:aws:iam::{A}:user/x",
        (allow("iam:CreateUser"),),
        boundary=SHIRLEY,
    ),
    Case(f"{BOUNDARIES} (ShirleyRodriguez)", YES, "s3:GetObject", OBJECT, (allow("s3:*"),), boundary=SHIRLEY),
    Case(f"{BOUNDARIES}: a boundary alone grants nothing", NO, "s3:GetObject", OBJECT, boundary=SHIRLEY),
    Case(
        f"{BOUNDARIES}: NotPrincipal denies whoever has a boundary",
        DENIED,
        "s3:GetObject",
        OBJECT,
        (allow(),),
        boundary=(allow(),),
        own=({"Effect": "Deny", "Action": "*", "Resource": "*", "NotPrincipal": {"AWS": [user().arn, A]}},),
    ),
    # -- organizations
    Case(
        "ORG orgs_manage_policies_scps_evaluation: no Allow at one level",
        NO,
        "s3:GetObject",
        OBJECT,
        (allow(),),
        scps=((allow(),), (allow("ec2:*"),)),
    ),
    Case(
        "ORG orgs_manage_policies_scps_evaluation: Allow at all levels",
        YES,
        "s3:GetObject",
        OBJECT,
        (allow(),),
        scps=((allow(),), (allow("s3:*"),)),
    ),
    Case(
        "ORG orgs_manage_policies_scps_examples_general (deny by Region)",
        DENIED,
        "sqs:SendMessage",
        QUEUE,
        (allow(),),
        context={"aws:RequestedRegion": "us-east-2"},
        scps=(DENY_REGIONS,),
    ),
    Case(
        "ORG orgs_manage_policies_scps_examples_general (deny by Region)",
        YES,
        "sqs:SendMessage",
        QUEUE,
        (allow(),),
        context={"aws:RequestedRegion": "eu-west-1"},
        scps=(DENY_REGIONS,),
    ),
    Case(
        "ORG orgs_manage_policies_scps_examples_general (deny by Region)",
        YES,
        "iam:GetRole",
        DEMO_ROLE,
        (allow(),),
        context={"aws:RequestedRegion": "us-east-1"},
        scps=(DENY_REGIONS,),
    ),
    Case("ORG orgs_manage_policies_scps: SCPs grant nothing", NO, "s3:GetObject", OBJECT, scps=((allow(),),)),
    # -- across accounts
    Case(
        f"{CROSS} (Carlos)",
        YES,
        "s3:PutObject",
        f"{BUCKET}/x",
        (allow("s3:*"),),
        user("Carlos"),
        own=(allow(["s3:GetObject*", "s3:PutObject*"], f"{BUCKET}/*", principal={"AWS": user("Carlos").arn}),),
        owner=B,
    ),
    Case(
        f"{CROSS}: no identity policy",
        NO,
        "s3:PutObject",
        f"{BUCKET}/x",
        (),
        user("Carlos"),
        own=(allow("s3:*", f"{BUCKET}/*", principal={"AWS": user("Carlos").arn}),),
        owner=B,
    ),
    Case(f"{CROSS}: no resource policy", NO, "s3:PutObject", f"{BUCKET}/x", (allow("s3:*"),), user("Carlos"), owner=B),
    Case(
        f"{CROSS}: the account as principal",
        YES,
        "s3:GetObject",
        f"{BUCKET}/x",
        (allow("s3:*"),),
        user("Carlos"),
        own=(allow("s3:GetObject", f"{BUCKET}/*", principal={"AWS": f"arn:aws:iam::{A}:root"}),),
        owner=B,
    ),
    Case(
        f"{CROSS}: deny on either side",
        DENIED,
        "s3:GetObject",
        f"{BUCKET}/x",
        (allow("s3:*"), deny("s3:GetObject")),
        user("Carlos"),
        own=(allow("s3:*", f"{BUCKET}/*", principal={"AWS": A}),),
        owner=B,
    ),
    # -- elements
    Case(f"{ELEMENTS}_action: case does not matter", YES, "s3:GetObject", OBJECT, (allow("S3:getOBJECT"),)),
    Case(f"{ELEMENTS}_action: wildcards", YES, "iam:CreateAccessKey", f"arn:aws:iam::{A}:user/x", (allow("iam:*AccessKey*"),)),
    Case(
        f"{ELEMENTS}_resource: wildcards in a path",
        YES,
        "s3:GetObject",
        f"{BUCKET}/1/x/test/y",
        (allow("s3:*", f"{BUCKET}/*/test/*"),),
    ),
    Case(
        f"{ELEMENTS}_resource: question mark",
        YES,
        "s3:GetObject",
        f"{BUCKET}/thirdtest/3",
        (allow("s3:*", f"{BUCKET}/?????test/3"),),
    ),
    Case(
        f"{ELEMENTS}_resource: a star stays in its part", NO, "sqs:SendMessage", QUEUE, (allow("sqs:*", "arn:aws:sqs:*:queue1"),)
    ),
    Case(
        f"{ELEMENTS}_notaction: all but IAM",
        YES,
        "s3:GetObject",
        OBJECT,
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},),
    ),
    Case(
        f"{ELEMENTS}_notaction: all but IAM",
        NO,
        "iam:GetRole",
        DEMO_ROLE,
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},),
    ),
    Case(f"{ELEMENTS}_notaction: deny without MFA", DENIED, "s3:GetObject", OBJECT, MFA),
    Case(
        f"{ELEMENTS}_notaction: deny without MFA",
        YES,
        "s3:GetObject",
        OBJECT,
        MFA,
        context={"aws:MultiFactorAuthPresent": "true"},
    ),
    Case(f"{ELEMENTS}_notaction: deny without MFA", YES, "iam:ListMFADevices", f"arn:aws:iam::{A}:user/x", MFA),
    Case(f"{ELEMENTS}_notresource (HRBucket)", YES, "s3:GetObject", "arn:aws:s3:::HRBucket/Payroll/1", HR),
    Case(f"{ELEMENTS}_notresource (HRBucket)", DENIED, "s3:GetObject", "arn:aws:s3:::HRBucket/Other", HR),
    Case(
        f"{ELEMENTS}_principal: everyone", YES, "s3:GetObject", OBJECT, own=(allow("s3:GetObject", f"{BUCKET}/*", principal="*"),)
    ),
    Case(
        f"{ELEMENTS}_principal: 12 digits are the account",
        YES,
        "s3:GetObject",
        OBJECT,
        (allow("s3:*"),),
        own=(allow("s3:GetObject", f"{BUCKET}/*", principal={"AWS": A}),),
        owner=B,
    ),
    Case(
        f"{ELEMENTS}_principal: a user is not its group",
        NO,
        "s3:GetObject",
        OBJECT,
        own=(allow("s3:GetObject", f"{BUCKET}/*", principal={"AWS": f"arn:aws:iam::{A}:group/Dev"}),),
    ),
    Case(
        f"{ELEMENTS}_notprincipal",
        YES,
        "s3:GetObject",
        OBJECT,
        (allow("s3:*"),),
        own=(
            {
                "Effect": "Deny",
                "NotPrincipal": {"AWS": [user().arn, f"arn:aws:iam::{A}:root"]},
                "Action": "s3:*",
                "Resource": "*",
            },
        ),
    ),
    Case(
        f"{ELEMENTS}_notprincipal",
        DENIED,
        "s3:GetObject",
        OBJECT,
        (allow("s3:*"),),
        user("Eve", B),
        own=(
            {
                "Effect": "Deny",
                "NotPrincipal": {"AWS": [user().arn, f"arn:aws:iam::{A}:root"]},
                "Action": "s3:*",
                "Resource": "*",
            },
        ),
        owner=A,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[f"{number}-{case.source}" for number, case in enumerate(CASES)])
def test_a_documented_policy_leads_to_the_documented_decision(case: Case) -> None:
    """Source: the AWS page named in the case."""
    assert case.decide() == case.decision
