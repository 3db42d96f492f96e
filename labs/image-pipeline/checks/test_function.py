"""The role can do what the code does, and nothing beside it."""

from autograder.checks.expect import expect


def test_the_role_fits_the_code(aws, lab, session):
    iam, function, name = aws("iam"), lab.name("function"), lab.name("role")
    configuration = aws("lambda").get_function_configuration(FunctionName=function)
    role = configuration["Role"]
    account = role.split(":")[4]
    expect(role.endswith(f"/{name}"), f"The function runs as {role}; give it the role {name}.")
    pictures, thumbs = f"arn:aws:s3:::photos-in-{account}/a.png", f"arn:aws:s3:::photos-out-{account}/thumbs/a.png"
    table = f"arn:aws:dynamodb:{session.region}:{account}:table/{lab.name('table')}"
    topic = f"arn:aws:sns:{session.region}:{account}:{lab.name('topic')}"

    def may(action: str, resource: str) -> bool:
        answer = iam.simulate_principal_policy(PolicySourceArn=role, ActionNames=[action], ResourceArns=[resource])
        return answer["EvaluationResults"][0]["EvalDecision"] == "allowed"

    for action, resource in (
        ("s3:GetObject", pictures),
        ("s3:PutObject", thumbs),
        ("dynamodb:PutItem", table),
        ("sns:Publish", topic),
    ):
        expect(may(action, resource), f"The role does not allow {action} on {resource}; the code does it.")
    for action, resource in (
        ("s3:GetObject", "arn:aws:s3:::somebody-elses/a.png"),
        ("s3:PutObject", pictures),
        ("s3:PutObject", f"arn:aws:s3:::photos-out-{account}/elsewhere/a.png"),
        ("s3:DeleteObject", pictures),
        ("dynamodb:PutItem", f"{table}-of-others"),
        ("dynamodb:DeleteItem", table),
        ("sns:Publish", f"{topic}-of-others"),
    ):
        expect(not may(action, resource), f"The role allows {action} on {resource}; the code never does it.")
