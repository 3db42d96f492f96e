"""What happens to every submission, in this order: each scenario runs once, checks read what was seen."""

import base64
import json

from botocore.exceptions import ClientError

from autograder.probes.invocation import read_guarded
from autograder.probes.outsiders import read_buckets, read_keys
from autograder.probes.roles import read_roles

FUNCTIONS = "*assumed-role*"  # as callers of the account: fault rules must not hit the one who asks
CUSTOMERS = ("ines", "omar")


def scenario_setting(scene, stack):
    if "NotificationTopicArn" in stack.outputs:
        scene.ears.listen("notifications", stack.outputs["NotificationTopicArn"])


def scenario_ordinary(scene, traffic, clock, variant):
    """Orders as they come every day: one file with several."""
    limit = variant["review_above"]
    with scene.window("ordinary"):
        orders = [order(f"a{n}", CUSTOMERS[0], total) for n, total in enumerate((12.5, limit))]
        send(traffic, variant, "monday/first order+1.json", orders)
        clock.advance(minutes=2)


def scenario_rare(scene, traffic, clock, variant, stack, clients, evidence):
    """What comes once a week: a card, a loyal customer, a large sum, an order taken back."""
    with scene.window("rare"):
        rows = [
            order("b1", CUSTOMERS[1], 20, card=cipher(clients, stack, "b1", "4111222233337391")),
            order("b2", CUSTOMERS[0], 30, loyal=True),
            order("b3", CUSTOMERS[1], variant["review_above"] + 1),
            order("b4", CUSTOMERS[1], 40),
        ]
        for row in rows:
            send(traffic, variant, f"{row['id']}.json", [row])
            clock.advance(minutes=1)
        evidence.notes["billed-before"] = there(scene, receipt("b4", variant))
        send(traffic, variant, "b4-back.json", [order("b4", CUSTOMERS[1], 40, state="cancelled")])
        clock.advance(minutes=6)
        evidence.notes["billed-after"] = there(scene, receipt("b4", variant))
        failures(scene)


def scenario_unreadable(scene, traffic, clock, variant, evidence):
    """A file that holds no orders."""
    with scene.window("unreadable"):
        traffic.upload(f"{variant['incoming']}/notes.txt", b"Dear diary, these are no orders.")
        clock.advance(minutes=5)
        url = scene.stack.outputs.get("RejectQueueUrl", "")
        evidence.notes["rejected"] = [message.body for message in scene.ears.drained(url)] if url else []
        failures(scene)


def scenario_lost(scene, traffic, clock, faults, variant):
    """The table refuses for good while a file is taken in."""
    gone = {"code": "ResourceNotFoundException", "message": "Requested resource not found", "status": 400}
    with scene.window("lost"), faults.during(service="dynamodb", operation="PutItem", caller=FUNCTIONS, error=gone):
        send(traffic, variant, "lost.json", [order("c1", CUSTOMERS[0], 10)])
        clock.advance(minutes=8)
        failures(scene)


def scenario_poison(scene, clients, clock, stack, traffic, variant):
    """A task for an order that is not there, among tasks that can be done."""
    with scene.window("poison"):
        with traffic.gathered():
            body = json.dumps({"order": "nobody-ordered-this"})
            clients("sqs").send_message(QueueUrl=stack.outputs.get("TaskQueueUrl", ""), MessageBody=body)
            send(traffic, variant, "good.json", [order("d1", CUSTOMERS[0], 15)])
            clock.advance(seconds=10)
        clock.advance(minutes=6)
        failures(scene)


def scenario_second(scene, evidence):
    """Another stage of the same application in the same account."""
    evidence.notes["second"] = scene.deploy_again(Stage="exam2")


def scenario_probe(stack, clients, evidence):
    """Roles and policies, as the account holds them."""
    functions, queues = stack.physical("AWS::Lambda::Function"), stack.physical("AWS::SQS::Queue")
    evidence.facts["roles"] = read_roles(clients, functions)
    evidence.facts["guarded"] = [
        *read_guarded(clients, functions, queues, stack.physical("AWS::SNS::Topic")),
        *read_buckets(clients, stack.physical("AWS::S3::Bucket")),
        *read_keys(clients, stack.physical("AWS::KMS::Key")),
    ]


def order(name, customer, total, **more):
    return {"id": name, "customer": customer, "total": total, **more}


def send(traffic, variant, name, orders):
    traffic.upload(f"{variant['incoming']}/{name}", json.dumps({"orders": orders}).encode())


def cipher(clients, stack, name, number):
    """The number of a card as the shop's page hands it in."""
    held = clients("kms").encrypt(
        KeyId=stack.outputs.get("CardKeyArn", ""), Plaintext=number.encode(), EncryptionContext={"order": name}
    )
    return base64.b64encode(held["CiphertextBlob"]).decode()


def receipt(name, variant):
    return f"{variant['receipts']}/{name}.json"


def there(scene, key):
    try:
        scene.clients("s3").head_object(Bucket=scene.stack.outputs.get("ResultBucketName", ""), Key=key)
    except ClientError:
        return False
    return True


def failures(scene):
    """What waits in the failure queue is written down and taken out."""
    url = scene.stack.outputs.get("FailureQueueUrl", "")
    scene.evidence.failures += scene.ears.drained(url) if url else []
