partner = boto3.Session(**lab.account("partner"), region_name=region)
stranger = boto3.Session(**lab.account("stranger"), region_name=region)
PARTNER = partner.client("sts").get_caller_identity()["Account"]
for name in (CALLER, BYSTANDER):
    make_role(
        partner.client("iam"),
        name,
        {"AWS": PARTNER},
        Action="lambda:*",
        Resource=function_arn,
    )
role_arn = deploy()

permit("partner", Action="lambda:InvokeFunction", Principal="*")
for who, session in (
    ("shop", as_partner(CALLER)),
    ("intern", as_partner(BYSTANDER)),
    ("stranger", stranger),
):
    print(f"{who:9}", attempt(session.client("lambda").invoke, FunctionName=function_arn))
