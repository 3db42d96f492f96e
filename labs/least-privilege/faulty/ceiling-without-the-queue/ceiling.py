iam.put_role_policy(
    RoleName=ROLE,
    PolicyName="for-a-moment",
    PolicyDocument=document({"Action": "*", "Resource": "*"}),
)
print("with the star:   ", may("dynamodb:DeleteTable", table_arn(TABLE)))
ceiling = document(
    {"Action": ["dynamodb:GetItem", "s3:PutObject", "logs:*"], "Resource": "*"}
)
ceiling_arn = f"arn:aws:iam::{account}:policy/{CEILING}"
try:
    iam.create_policy(PolicyName=CEILING, PolicyDocument=ceiling)
except iam.exceptions.EntityAlreadyExistsException:
    iam.create_policy_version(
        PolicyArn=ceiling_arn, PolicyDocument=ceiling, SetAsDefault=True
    )
    for version in iam.list_policy_versions(PolicyArn=ceiling_arn)["Versions"]:
        if not version["IsDefaultVersion"]:
            iam.delete_policy_version(PolicyArn=ceiling_arn, VersionId=version["VersionId"])
iam.put_role_permissions_boundary(RoleName=ROLE, PermissionsBoundary=ceiling_arn)
print(
    "under a ceiling: ",
    may("dynamodb:DeleteTable", table_arn(TABLE)),
    run({"order": "A-1"}),
    run({"order": "X-9"}),
)
