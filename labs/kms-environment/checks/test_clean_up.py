"""Nothing the lab made is left, and the key waits for its day."""

from autograder.checks.expect import expect


def test_nothing_is_left(aws, lab):
    function = lab.name("function")
    left = [
        f"function {row['FunctionName']}"
        for row in aws("lambda").list_functions()["Functions"]
        if row["FunctionName"] == function
    ]
    groups = aws("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{function}")["logGroups"]
    left += [f"log group {row['logGroupName']}" for row in groups]
    left += [f"role {row['RoleName']}" for row in aws("iam").list_roles()["Roles"] if row["RoleName"] == lab.name("role")]
    kms = aws("kms")
    left += [f"alias {row['AliasName']}" for row in kms.list_aliases()["Aliases"] if row["AliasName"] == lab.name("key_alias")]
    keys = [kms.describe_key(KeyId=row["KeyId"])["KeyMetadata"] for row in kms.list_keys()["Keys"]]
    own = [key for key in keys if key["Description"] == "opens the token of token-user"]
    left += [f"key {key['KeyId']}, which costs until it is deleted" for key in own if key["KeyState"] != "PendingDeletion"]
    expect(not left, f"Still there: {', '.join(left)}.")
