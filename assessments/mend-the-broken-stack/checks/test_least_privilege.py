"""Nobody may do more than before."""

from autograder.checks.expect import expect
from autograder.checks.marks import points
from autograder.probes.invocation import STRANGER, callers_beside
from autograder.probes.least_privilege import Canary, Grant
from autograder.probes.privileges import denials, tell_excess

ACCOUNT, REGION = "123456789012", "us-east-1"


@points(
    8, "least-privilege", hint="Add the one action on the one resource that was denied, and nothing beside it.", topic="m3-t1"
)
def test_roles(evidence, scene):
    roles = evidence.facts.get("roles", ())
    denied = denials(evidence, roles)
    expect(not denied, f"A role was denied what its function asked for: {'; '.join(denied)}.")
    expect(roles and evidence.notifications, "No notice arrived, so nothing shows what the roles need.")
    facets = {"topics": 2, "tables": 1, "queues": 1, "functions": 1, "escalation": 2, "elsewhere": 1}
    tell_excess(evidence, roles, canaries_of(scene.stack), grants_of(scene.stack), facets)


@points(6, "least-privilege", hint="The function's policy names the API by its id, whatever the route.", topic="m3-t4")
def test_callers(evidence, stack):
    known = evidence.notes.get("known")
    expect(known is not None and known.status == 200, "Orders cannot be looked up, so nothing shows who may call the function.")
    told = [
        who
        for guarded in evidence.facts.get("guarded", ())
        if f":function:{stack.outputs.get('WebFunctionName')}" in guarded.arn
        for who in callers_beside(guarded, stack.outputs.get("ApiId", ""), ACCOUNT, REGION)
    ]
    expect(not told, f"The policy of the function behind the API lets {', '.join(told)} call it.")


def grants_of(stack):
    """What sound designs may need, each on the resources of this stack."""
    tables = tuple(arn("dynamodb", f"table/{name}") for name in stack.physical("AWS::DynamoDB::Table"))
    queues = tuple(arn("sqs", url.rpartition("/")[2]) for url in stack.physical("AWS::SQS::Queue"))
    functions = tuple(arn("lambda", f"function:{name}") for name in stack.physical("AWS::Lambda::Function"))
    reading = ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")
    items = ("GetItem", "PutItem", "UpdateItem", "Query", "Scan", "ConditionCheckItem", "DescribeTable")
    working = ("SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueAttributes", "GetQueueUrl")
    return [
        Grant(tuple(f"dynamodb:{name}" for name in items), tables),
        Grant(tuple(f"dynamodb:{name}" for name in reading), tuple(f"{table}/stream/*" for table in tables)),
        Grant(("dynamodb:ListStreams",), ("*",)),
        Grant(tuple(f"sqs:{name}" for name in working), queues),
        Grant(("sns:Publish",), (stack.outputs.get("CustomerNoticesArn", ""),)),
        Grant(("lambda:InvokeFunction",), tuple(f"{function}*" for function in functions)),
        Grant(("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "cloudwatch:PutMetricData"), ("*",)),
        Grant(("xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSampling*"), ("*",)),
    ]


def canaries_of(stack):
    """What the functions have no business with, next to what they have."""
    topics = [(name, "a topic of the stack") for name in stack.physical("AWS::SNS::Topic")]
    topics += [(arn("sns", "payroll"), "another topic"), (f"arn:aws:sns:{REGION}:{STRANGER}:partner", "another account's topic")]
    queues = [(arn("sqs", url.rpartition("/")[2]), "a queue of the stack") for url in stack.physical("AWS::SQS::Queue")]
    queues.append((arn("sqs", "payroll"), "another queue"))
    tables = [(arn("dynamodb", f"table/{name}"), "a table of the stack") for name in stack.physical("AWS::DynamoDB::Table")]
    tables.append((arn("dynamodb", "table/payroll"), "another table"))
    return [
        *(Canary("topics", "topics", place, words) for place, words in topics),
        *(Canary("queues", "queues", place, words) for place, words in queues),
        *(Canary("tables", "tables", place, words) for place, words in tables),
        Canary("elsewhere", "functions", arn("lambda", "function:payroll"), "another function"),
    ]


def arn(service, name):
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{name}"
