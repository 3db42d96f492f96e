try:
    dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
except dynamodb.exceptions.ResourceInUseException:
    pass
dynamodb.get_waiter("table_exists").wait(TableName=TABLE)
table_arn = f"arn:aws:dynamodb:{region}:{account}:table/{TABLE}"
reader_arn = make_role(
    iam, READER, {"AWS": PARTNER}, Action="dynamodb:Scan", Resource=table_arn
)

trust = {
    "Principal": {"AWS": PARTNER},
    "Action": "sts:AssumeRole",
    "Condition": {"StringEquals": {"sts:ExternalId": EXTERNAL_ID}},
}
iam.update_assume_role_policy(RoleName=READER, PolicyDocument=document(trust))
for name in (CALLER, BYSTANDER):  # again the partner's own business: both may try
    right = document({"Action": "sts:AssumeRole", "Resource": reader_arn})
    partner.client("iam").put_role_policy(
        RoleName=name, PolicyName="borrow", PolicyDocument=right
    )


def borrow(role, customer):
    """The partner's `role` assumes yours on behalf of a customer."""
    sts = as_partner(role).client("sts")
    return attempt(
        sts.assume_role, RoleArn=reader_arn, RoleSessionName="night", ExternalId=customer
    )


print("the service, for us:          ", borrow(CALLER, EXTERNAL_ID))
print("the service, for the stranger:", borrow(CALLER, "customer-666"))
print("the intern, for us:           ", borrow(BYSTANDER, EXTERNAL_ID))
