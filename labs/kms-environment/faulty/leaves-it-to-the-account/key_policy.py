print(kms.get_key_policy(KeyId=key_id, PolicyName="default")["Policy"])
administration = [
    *(
        "kms:Create*",
        "kms:Describe*",
        "kms:Enable*",
        "kms:List*",
        "kms:Put*",
        "kms:Update*",
        "kms:Get*",
        "kms:Disable*",
    ),
    *("kms:Delete*", "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion", "kms:Encrypt"),
]
statements = [
    {
        "Sid": "Administration",
        "Effect": "Allow",
        "Principal": {"AWS": me["Arn"]},
        "Action": administration,
        "Resource": "*",
    },
    {
        "Sid": "TheFunction",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Action": "kms:Decrypt",
        "Resource": "*",
        "Condition": {"StringEquals": {"kms:EncryptionContext:function": FUNCTION}},
    },
]
policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
kms.put_key_policy(KeyId=key_id, PolicyName="default", Policy=policy)
restart()
print(run())
