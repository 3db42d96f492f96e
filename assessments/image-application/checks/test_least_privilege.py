"""It can do this and nothing more."""

from autograder.checks.expect import expect
from autograder.checks.marks import points
from autograder.probes.invocation import STRANGER, intruders, strangers_trusted, trusts_lambda
from autograder.probes.least_privilege import Canary, Grant
from autograder.probes.privileges import denials, tell_excess

ACCOUNT, REGION = "123456789012", "us-east-1"


@points(4, "least-privilege", hint="Read the denial: it names the action and the resource that are missing.", topic="m3-t1")
def test_enough(evidence):
    denied = denials(evidence, evidence.facts.get("roles", ()))
    expect(not denied, f"The role was denied what the function asked for: {'; '.join(denied)}.")
    expect(
        evidence.objects and evidence.notifications, "Nothing was made and nobody was told, so nothing shows what the role needs."
    )


@points(6, "least-privilege", hint="One action, one prefix: reading below the uploads, writing below the outputs.", topic="m3-t1")
def test_objects(evidence, scene, variant):
    told(evidence, scene, variant, {"strange-buckets": 2, "other-prefixes": 2, "other-actions": 2})


@points(3, "least-privilege", hint="Name the topic and the queue by their ARNs, and sending alone.", topic="m3-t1")
def test_messages(evidence, scene, variant):
    told(evidence, scene, variant, {"strange-messages": 2, "own-messages": 1})


@points(
    4, "least-privilege", hint="A function needs no way to other identities, other code or other people's secrets.", topic="m3-t1"
)
def test_escalation(evidence, scene, variant):
    told(evidence, scene, variant, {"escalation": 1})


@points(3, "least-privilege", hint="Remove what no scenario needed; each service apart, each table by its ARN.", topic="m3-t1")
def test_elsewhere(evidence, scene, variant):
    told(evidence, scene, variant, {"elsewhere": 1, "tables": 1})


@points(2, "least-privilege", hint="The trust policy names lambda.amazonaws.com and nobody else.", topic="m3-t1")
def test_trust(evidence):
    roles = evidence.facts.get("roles", ())
    expect(roles, "The stack has no function whose role could be looked at.")
    for role in roles:
        expect(trusts_lambda(role.trust, role.arn), "The role cannot be assumed by Lambda.")
        strangers = strangers_trusted(role.trust, role.arn)
        expect(not strangers, f"The role may also be assumed by {', '.join(strangers)}.")


@points(
    3,
    "least-privilege",
    hint="Bind the permission to the bucket's ARN and to your account: a bucket's ARN has no account in it.",
    topic="m3-t4",
)
def test_invocation(evidence, traffic):
    expect(evidence.objects, "No upload was processed, so nothing shows who may start the function.")
    words = {"lambda": "call the function", "sqs": "send to a queue", "sns": "publish to a topic"}
    told = [
        f"{', '.join(let_in)} {words[guarded.kind]}"
        for guarded in evidence.facts.get("guarded", ())
        if (let_in := intruders(guarded, traffic.bucket, ACCOUNT))
    ]
    expect(not told, f"A resource policy lets {'; another lets '.join(told)}.")


def told(evidence, scene, variant, facets):
    """Each facet counts by itself; what is too much is told by statement, then what would have been enough."""
    roles = evidence.facts.get("roles", ())
    expect(roles and evidence.objects, "No upload was processed, so nothing shows what the role needs.")
    tell_excess(evidence, roles, canaries_of(scene, variant), grants_of(scene, variant), facets)


def grants_of(scene, variant):
    """What a sound design may need, each on its own resources."""
    stack, outputs = scene.stack, scene.stack.outputs
    uploads = f"arn:aws:s3:::{outputs.get('UploadBucketName')}"
    results = f"arn:aws:s3:::{outputs.get('ResultBucketName')}"
    made = tuple(f"{results}/{variant[name]}/*" for name in ("thumbnails", "previews"))
    queues = tuple(queue_arn(url) for url in stack.physical("AWS::SQS::Queue"))
    failures = queue_arn(outputs.get("FailureQueueUrl", ""))
    buffers = tuple(arn for arn in queues if arn != failures)
    tables = tuple(f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}" for name in stack.physical("AWS::DynamoDB::Table"))
    functions = tuple(f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}" for name in stack.physical("AWS::Lambda::Function"))
    keys = tuple(f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{name}" for name in stack.physical("AWS::KMS::Key"))
    reading = ("s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectAttributes", "s3:GetObjectTagging")
    items = ("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "ConditionCheckItem", "DescribeTable")
    return [
        Grant(reading, (f"{uploads}/{variant['incoming']}/*",)),
        Grant(("s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:GetObject"), made),
        Grant(("s3:ListBucket",), (uploads, results)),
        Grant(("sns:Publish",), (outputs.get("NotificationTopicArn", ""),)),
        Grant(("sqs:SendMessage", "sqs:GetQueueUrl", "sqs:GetQueueAttributes"), (failures, *buffers)),
        Grant(("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"), buffers),
        Grant(tuple(f"dynamodb:{item}" for item in items), tables),
        Grant(("lambda:InvokeFunction",), tuple(f"{arn}*" for arn in functions)),
        Grant(("states:StartExecution",), tuple(stack.physical("AWS::StepFunctions::StateMachine"))),
        Grant(("kms:Decrypt", "kms:GenerateDataKey*"), keys),
        Grant(("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"), ("*",)),
        Grant(("xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSampling*", "cloudwatch:PutMetricData"), ("*",)),
    ]


def canaries_of(scene, variant):
    """What the function has no business with, next to what it has."""
    outputs = scene.stack.outputs
    uploads, results = outputs.get("UploadBucketName", ""), outputs.get("ResultBucketName", "")
    strange = f"{uploads}-of-somebody-else"
    objects = [
        ("strange-buckets", f"{strange}/{variant['incoming']}/photo.jpg", "objects of another bucket", ""),
        ("strange-buckets", f"partner-{STRANGER}/photo.jpg", "objects of another account's bucket", STRANGER),
        ("other-prefixes", f"{uploads}/payroll/may.csv", "objects of the upload bucket outside of the uploads' prefix", ""),
        ("other-prefixes", f"{results}/payroll/may.csv", "objects of the result bucket outside of the outputs' prefixes", ""),
        ("other-actions", f"{uploads}/{variant['incoming']}/photo.jpg", "the uploads", ""),
        ("other-actions", f"{results}/{variant['thumbnails']}/photo.webp", "the thumbnails", ""),
        ("other-actions", f"{results}/{variant['previews']}/photo.jpg", "the previews", ""),
    ]
    buckets = [("other-actions", uploads, "the upload bucket"), ("other-actions", results, "the result bucket")]
    buckets.append(("strange-buckets", strange, "another bucket"))
    topics = [("own-messages", arn, "a topic of the stack") for arn in scene.stack.physical("AWS::SNS::Topic")]
    topics.append(("strange-messages", f"arn:aws:sns:{REGION}:{ACCOUNT}:payroll", "another topic"))
    topics.append(("strange-messages", f"arn:aws:sns:{REGION}:{STRANGER}:partner", "another account's topic"))
    queues = [("own-messages", queue_arn(url), "a queue of the stack") for url in scene.stack.physical("AWS::SQS::Queue")]
    queues.append(("strange-messages", f"arn:aws:sqs:{REGION}:{ACCOUNT}:payroll", "another queue"))
    queues.append(("strange-messages", f"arn:aws:sqs:{REGION}:{STRANGER}:partner", "another account's queue"))
    tables = [("tables", f"{table_arn(name)}", "a table of the stack") for name in scene.stack.physical("AWS::DynamoDB::Table")]
    tables.append(("tables", table_arn("payroll"), "another table"))
    return [
        *(Canary("objects", facet, f"arn:aws:s3:::{path}", words, account) for facet, path, words, account in objects),
        *(Canary("buckets", facet, f"arn:aws:s3:::{name}", words) for facet, name, words in buckets),
        *(Canary("topics", facet, arn, words) for facet, arn, words in topics),
        *(Canary("queues", facet, arn, words) for facet, arn, words in queues),
        *(Canary("tables", facet, arn, words) for facet, arn, words in tables),
    ]


def queue_arn(url):
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{url.rpartition('/')[2]}"


def table_arn(name):
    return f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}"
