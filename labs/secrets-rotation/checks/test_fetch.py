"""The key is in the secret and nowhere else; the function comes to it, and to no other secret."""

import json

from autograder.checks.expect import expect


def _pay(aws, lab, order):
    """What one payment in a new environment came to."""
    client, function = aws("lambda"), lab.name("pay")
    revision = client.get_function_configuration(FunctionName=function)["RevisionId"]
    client.update_function_configuration(FunctionName=function, Description=f"checked after {revision}")
    client.get_waiter("function_updated_v2").wait(FunctionName=function)
    answer = json.loads(client.invoke(FunctionName=function, Payload=json.dumps({"order": order}))["Payload"].read())
    return str(answer.get("errorMessage", answer)) if isinstance(answer, dict) else str(answer)


def _key(aws, lab):
    return aws("secretsmanager").get_secret_value(SecretId=lab.name("secret"))["SecretString"]


def test_the_configuration_holds_no_key(aws, lab):
    found = aws("lambda").get_function_configuration(FunctionName=lab.name("pay"))["Environment"]["Variables"]
    expect(
        _key(aws, lab) not in json.dumps(found),
        "The key stands in the function's variables, for everybody who may look at it: put the secret's name there.",
    )


def test_the_function_pays_and_says_nothing(aws, lab, session):
    session.wait(1)  # what an earlier version wrote into the log stays there
    began = session.now()
    said = _pay(aws, lab, "check-1")
    expect(said == "check-1 paid", f"The function does not come to pay; it says: {said}")
    group = f"/aws/lambda/{lab.name('pay')}"
    events = aws("logs").filter_log_events(logGroupName=group, startTime=int(began * 1000))["events"]
    expect(not any(_key(aws, lab) in event["message"] for event in events), "The function writes the key into its log.")


def test_the_role_reads_this_secret_alone(aws, lab):
    role = aws("iam").get_role(RoleName=lab.name("pay_role"))["Role"]["Arn"]
    own = aws("secretsmanager").describe_secret(SecretId=lab.name("secret"))["ARN"]
    other = own.replace(lab.name("secret"), "payroll-key")
    for action, resource, says in (
        ("GetSecretValue", other, "reads other secrets as well: name this one"),
        ("PutSecretValue", own, "may write the secret; the function only ever reads it"),
        ("DeleteSecret", own, "may delete the secret; the function only ever reads it"),
    ):
        answer = aws("iam").simulate_principal_policy(
            PolicySourceArn=role, ActionNames=[f"secretsmanager:{action}"], ResourceArns=[resource]
        )
        expect(answer["EvaluationResults"][0]["EvalDecision"] != "allowed", f"The role {says}.")
