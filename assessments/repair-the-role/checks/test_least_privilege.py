"""Each function may do its own work and nothing more."""

from dataclasses import replace

from autograder.checks.expect import Tally, expect
from autograder.checks.marks import points
from autograder.probes.invocation import STRANGER, intruders, strangers_trusted, trusts_lambda
from autograder.probes.least_privilege import Canary, Grant, excess
from autograder.probes.outsiders import outsiders
from autograder.probes.privileges import denials, tell

ACCOUNT, REGION = "123456789012", "us-east-1"
RARE = ("b1", "b2", "b3")


@points(12, "least-privilege", hint="Read the denial: it names the action and the resource that are missing.", topic="m3-t1")
def test_enough(evidence, variant):
    expect(evidence.objects, "No order was billed, so nothing shows what the roles need.")
    denied = denials(evidence, evidence.facts.get("roles", ()))
    expect(not denied, f"A role was denied what its function asked for: {'; '.join(denied)}.")
    billed = all(f"{variant['receipts']}/{name}.json" in evidence.objects for name in RARE)
    expect(
        billed and evidence.notifications, "Rare orders were not billed, so nothing shows that the roles can do what those need."
    )


@points(10, "least-privilege", hint="One action, one prefix: reading the uploads, writing and removing receipts.", topic="m3-t1")
def test_objects(evidence, scene, variant):
    told(evidence, scene, variant, {"strange-buckets": 3, "other-prefixes": 3, "other-actions": 4})


@points(8, "least-privilege", hint="Rows by their table's ARN; an index has an ARN of its own below it.", topic="m3-t1")
def test_tables(evidence, scene, variant):
    told(evidence, scene, variant, {"own-table": 1, "strange-tables": 1})


@points(
    8, "least-privilege", hint="Each queue and the topic by its ARN; sending and receiving are different rights.", topic="m3-t1"
)
def test_messages(evidence, scene, variant):
    told(evidence, scene, variant, {"strange-messages": 1, "own-messages": 1})


@points(
    8,
    "least-privilege",
    hint="No way to other identities, other code, other people's secrets, or other uses of the key.",
    topic="m3-t1",
)
def test_escalation(evidence, scene, variant):
    told(evidence, scene, variant, {"escalation": 1})


@points(4, "least-privilege", hint="Remove what a function never asks for; the key is for billing alone.", topic="m3-t1")
def test_elsewhere(evidence, scene, variant):
    told(evidence, scene, variant, {"elsewhere": 1, "own-key": 1})


@points(4, "least-privilege", hint="The trust policies name lambda.amazonaws.com and nobody else.", topic="m3-t1")
def test_trust(evidence):
    roles = evidence.facts.get("roles", ())
    expect(roles, "The stack has no function whose role could be looked at.")
    with Tally() as tally:
        for role in roles:
            tally.expect(trusts_lambda(role.trust, role.arn), "A role cannot be assumed by Lambda.", part=role.name)
            strangers = strangers_trusted(role.trust, role.arn)
            tally.expect(not strangers, f"A role may also be assumed by {', '.join(strangers)}.", part=role.name)


@points(
    6,
    "least-privilege",
    hint="Bind the permission to the bucket's ARN and to your account: a bucket's ARN has no account in it.",
    topic="m3-t4",
)
def test_invocation(evidence, traffic):
    expect(evidence.objects, "No order was billed, so nothing shows who may start the functions.")
    with Tally() as tally:
        for kinds, what in ((("lambda",), "call a function"), (("sqs", "sns"), "send to a queue or topic")):
            asked = [one for one in evidence.facts.get("guarded", ()) if one.kind in kinds]
            let_in = [who for one in asked for who in (intruders(one, traffic.bucket, ACCOUNT) or outsiders(one, ACCOUNT))]
            tally.expect(not let_in, f"A resource policy lets {', '.join(dict.fromkeys(let_in))} {what}.")


@points(6, "least-privilege", hint="Whoever is named in a bucket's or a key's policy needs no role of yours.", topic="m3-t4")
def test_outsiders(evidence, variant):
    expect(evidence.objects, "No order was billed, so nothing shows whom the bucket and the key have to serve.")
    guarded = [one for one in evidence.facts.get("guarded", ()) if one.kind in ("s3", "kms")]
    places = (f"{variant['receipts']}/a0.json", f"{variant['incoming']}/a.json", "anything")
    with Tally() as tally:
        for kind, what in {"s3": "a bucket", "kms": "the key"}.items():
            let_in = [who for one in guarded if one.kind == kind for who in outsiders(one, ACCOUNT, places)]
            tally.expect(not let_in, f"The policy of {what} lets in {', '.join(dict.fromkeys(let_in))}.")


def told(evidence, scene, variant, facets):
    """Each facet counts by itself; every function is asked about its own work, whichever role it has."""
    roles = evidence.facts.get("roles", ())
    expect(roles and evidence.objects, "No order was billed, so nothing shows what the roles need.")
    work = work_of(scene, variant)
    if "excess" not in evidence.facts:  # the same for every check that asks
        canaries, guarded = canaries_of(scene, variant), evidence.facts["guarded"]
        asked = [(replace(role, functions=(name,)), work.get(name, COMMON)) for role in roles for name in role.functions]
        every = [one for role, grants in asked for one in excess(role, canaries, grants, guarded)]
        evidence.facts["excess"] = [own_key(one, scene) for one in every]
    tell(evidence.facts["excess"], facets)


def own_key(one, scene):
    """Reading cards in the wrong function is too much, but no way to more power."""
    mine = one.action == "kms:Decrypt" and one.words in ("the key", scene.stack.outputs.get("CardKeyArn"))
    return replace(one, facet="own-key") if mine else one


COMMON = [
    Grant(("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"), ("*",)),
    Grant(("xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSampling*", "cloudwatch:PutMetricData"), ("*",)),
]


def work_of(scene, variant):
    """What the code of each function asks for, by the function's name; other functions have no work here."""
    outputs = scene.stack.outputs
    uploads, results = (f"arn:aws:s3:::{outputs.get(name)}" for name in ("UploadBucketName", "ResultBucketName"))
    table = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{outputs.get('OrdersTableName')}"
    tasks, failed, rejects = (queue_arn(outputs.get(f"{name}QueueUrl", "")) for name in ("Task", "Failure", "Reject"))
    looking = ("sqs:GetQueueUrl", "sqs:GetQueueAttributes")
    intake = [
        Grant(("s3:GetObject", "s3:GetObjectVersion"), (f"{uploads}/{variant['incoming']}/*",)),
        Grant(("s3:ListBucket",), (uploads,)),  # without it a key that is gone is a 403
        Grant(("dynamodb:PutItem",), (table,)),
        Grant(("sqs:SendMessage", *looking), (tasks, failed, rejects)),
    ]
    billing = [
        Grant(("dynamodb:GetItem", "dynamodb:Query"), (table, f"{table}/index/*")),
        Grant(("s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"), (f"{results}/{variant['receipts']}/*",)),
        Grant(("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", *looking), (tasks,)),
        Grant(("sns:Publish",), (outputs.get("NotificationTopicArn", ""),)),
        Grant(("kms:Decrypt",), (outputs.get("CardKeyArn", ""),)),
    ]
    names = outputs.get("IntakeFunctionName", ""), outputs.get("BillingFunctionName", "")
    return {name: [*grants, *COMMON] for name, grants in zip(names, (intake, billing), strict=True)}


def canaries_of(scene, variant):
    """What the functions have no business with, next to what they have."""
    stack, outputs = scene.stack, scene.stack.outputs
    uploads, results = outputs.get("UploadBucketName", ""), outputs.get("ResultBucketName", "")
    table = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/"
    objects = [
        ("strange-buckets", f"{uploads}-of-somebody-else/{variant['incoming']}/a.json", "objects of another bucket", ""),
        ("strange-buckets", f"partner-{STRANGER}/a.json", "objects of another account's bucket", STRANGER),
        ("other-prefixes", f"{uploads}/payroll/may.csv", "objects of the upload bucket outside of the uploads' prefix", ""),
        ("other-prefixes", f"{results}/payroll/may.csv", "objects of the result bucket outside of the receipts' prefix", ""),
        ("other-actions", f"{uploads}/{variant['incoming']}/a.json", "the uploads", ""),
        ("other-actions", f"{results}/{variant['receipts']}/a0.json", "the receipts", ""),
    ]
    buckets = [("other-actions", uploads, "the upload bucket"), ("other-actions", results, "the result bucket")]
    topics = [("own-messages", arn, "a topic of the stack") for arn in stack.physical("AWS::SNS::Topic")]
    topics.append(("strange-messages", f"arn:aws:sns:{REGION}:{ACCOUNT}:payroll", "another topic"))
    queues = [("own-messages", queue_arn(url), "a queue of the stack") for url in stack.physical("AWS::SQS::Queue")]
    queues.append(("strange-messages", f"arn:aws:sqs:{REGION}:{ACCOUNT}:payroll", "another queue"))
    queues.append(("strange-messages", f"arn:aws:sqs:{REGION}:{STRANGER}:partner", "another account's queue"))
    own = outputs.get("OrdersTableName", "")
    tables = [("own-table", f"{table}{own}", "the table"), ("own-table", f"{table}{own}/index/by-customer", "the table's index")]
    tables.append(("strange-tables", f"{table}payroll", "another table"))
    return [
        *(Canary("objects", facet, f"arn:aws:s3:::{path}", words, account) for facet, path, words, account in objects),
        *(Canary("buckets", facet, f"arn:aws:s3:::{name}", words) for facet, name, words in buckets),
        Canary("buckets", "strange-buckets", f"arn:aws:s3:::{uploads}-of-somebody-else", "another bucket"),
        *(Canary("topics", facet, arn, words) for facet, arn, words in topics),
        *(Canary("queues", facet, arn, words) for facet, arn, words in queues),
        *(Canary("tables", facet, arn, words) for facet, arn, words in tables),
        *(Canary("escalation", "escalation", arn, "the key") for arn in (outputs.get("CardKeyArn", ""),)),
    ]


def queue_arn(url):
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{url.rpartition('/')[2]}"
