"""It can do this and nothing more."""

from autograder.checks.expect import expect
from autograder.checks.marks import points
from autograder.probes.invocation import STRANGER, strangers_trusted, trusts_lambda
from autograder.probes.least_privilege import Canary, Grant
from autograder.probes.privileges import denials, tell_excess

ACCOUNT, REGION = "123456789012", "us-east-1"
ITEMS = ("GetItem", "PutItem", "UpdateItem", "Query", "ConditionCheckItem", "BatchGetItem", "DescribeTable")


@points(4, "least-privilege", hint="Read the denial: it names the action and the resource that are missing.", topic="m3-t1")
def test_enough(evidence):
    denied = denials(evidence, evidence.facts.get("roles", ()))
    expect(not denied, f"The role was denied what the worker asked for: {'; '.join(denied)}.")
    expect(evidence.facts.get("orderId"), "No order was stored, so nothing shows what the role needs.")


@points(
    5, "least-privilege", hint="Lambda polls in the worker's role: receive, delete, attributes, of this queue.", topic="m3-t1"
)
def test_queues(evidence, stack):
    told(evidence, stack, {"own-queue": 2, "other-queues": 3})


@points(6, "least-privilege", hint="Name each table by its ARN, and the calls the worker makes.", topic="m3-t1")
def test_tables(evidence, stack):
    told(evidence, stack, {"own-tables": 3, "other-tables": 3})


@points(5, "least-privilege", hint="No other service, no way to more power, and Lambda alone in the trust policy.", topic="m3-t1")
def test_nothing_else(evidence, stack):
    for role in evidence.facts.get("roles", ()):
        expect(trusts_lambda(role.trust, role.arn), "The role cannot be assumed by Lambda.")
        strangers = strangers_trusted(role.trust, role.arn)
        expect(not strangers, f"The role may also be assumed by {', '.join(strangers)}.")
    told(evidence, stack, {"escalation": 3, "elsewhere": 2})


def told(evidence, stack, facets):
    roles = evidence.facts.get("roles", ())
    expect(roles and evidence.facts.get("orderId"), "No order was stored, so nothing shows what the role needs.")
    tell_excess(evidence, roles, canaries_of(stack), grants_of(stack), facets)


def grants_of(stack):
    """What a sound design may need, each on its own resources."""
    outputs = stack.outputs
    orders, dead = queue_arn(outputs.get("OrderQueueUrl", "")), queue_arn(outputs.get("DeadLetterQueueUrl", ""))
    named = {table_arn(outputs.get(name, "")) for name in ("OrderTableName", "CustomerTableName")}
    own = {table_arn(name) for name in stack.physical("AWS::DynamoDB::Table")}
    taking = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ChangeMessageVisibility")
    return [
        Grant(tuple(f"sqs:{action}" for action in taking), (orders,)),
        Grant(("sqs:SendMessage",), (dead,)),
        Grant(tuple(f"dynamodb:{item}" for item in ITEMS), tuple(named)),
        Grant(tuple(f"dynamodb:{item}" for item in (*ITEMS, "DeleteItem")), tuple(own - named)),
        Grant(("dynamodb:Query",), tuple(f"{arn}/index/*" for arn in own)),
        Grant(
            ("dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"),
            tuple(f"{arn}/stream/*" for arn in own),
        ),
        Grant(("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "dynamodb:ListStreams"), ("*",)),
        Grant(("xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSampling*", "cloudwatch:PutMetricData"), ("*",)),
    ]


def canaries_of(stack):
    """What the worker has no business with, next to what it has."""
    outputs = stack.outputs
    orders, dead = queue_arn(outputs.get("OrderQueueUrl", "")), queue_arn(outputs.get("DeadLetterQueueUrl", ""))
    queues = [("own-queue", orders, "the order queue", ""), ("own-queue", dead, "the dead-letter queue", "")]
    queues.append(("other-queues", f"{orders}-of-somebody-else", "another queue", ""))
    queues.append(("other-queues", f"arn:aws:sqs:{REGION}:{STRANGER}:orders", "another account's queue", STRANGER))
    tables = [("own-tables", table_arn(name), "a table of the stack", "") for name in stack.physical("AWS::DynamoDB::Table")]
    tables.append(("other-tables", table_arn("payroll"), "another table", ""))
    tables.append(("other-tables", f"arn:aws:dynamodb:{REGION}:{STRANGER}:table/payroll", "another account's table", STRANGER))
    return [
        *(Canary("queues", facet, arn, words, account) for facet, arn, words, account in queues),
        *(Canary("tables", facet, arn, words, account) for facet, arn, words, account in tables),
    ]


def queue_arn(url):
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{url.rpartition('/')[2]}"


def table_arn(name):
    return f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}"
