"""Prices come from the table, and the role may read it and nothing else."""

from autograder.checks.expect import expect


def _table(aws, lab):
    cloudformation = aws("cloudformation")
    detail = cloudformation.describe_stack_resource(StackName=lab.name("stack"), LogicalResourceId="Table")
    return detail["StackResourceDetail"]["PhysicalResourceId"]


def test_a_price_comes_from_the_table(aws, lab, http):
    table = _table(aws, lab)
    stack = aws("cloudformation").describe_stacks(StackName=lab.name("stack"))["Stacks"][0]
    url = stack["Outputs"][0]["OutputValue"]
    aws("dynamodb").put_item(TableName=table, Item={"item": {"S": "check-of-the-lab"}, "cents": {"N": "7"}})
    answer = http(f"{url}/prices/check-of-the-lab")
    aws("dynamodb").delete_item(TableName=table, Key={"item": {"S": "check-of-the-lab"}})
    expect(answer.status == 200, f"A price that was put into the table is answered with {answer.status}: {answer.text}")
    expect((answer.json() or {}).get("cents") == 7, f"The table says 7 cents, the API says {answer.text}.")


def test_the_role_may_read_this_table_and_nothing_else(aws, lab, session):
    role = aws("lambda").get_function_configuration(FunctionName=lab.name("function"))["Role"]
    prefix = f"arn:aws:dynamodb:{session.region}:{role.split(':')[4]}:table"

    def may(action, table):
        answer = aws("iam").simulate_principal_policy(
            PolicySourceArn=role, ActionNames=[action], ResourceArns=[f"{prefix}/{table}"]
        )
        return answer["EvaluationResults"][0]["EvalDecision"] == "allowed"

    table = _table(aws, lab)
    expect(may("dynamodb:GetItem", table), "The role may not read the table.")
    expect(not may("dynamodb:GetItem", "another-table"), "The role may read every table of the account: name this one.")
    expect(not may("dynamodb:DeleteItem", table), "The role may delete prices: the function only ever reads.")
