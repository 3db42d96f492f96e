"""What happens to every submission, in this order: each scenario runs once, checks read what was seen."""

import json

from autograder.probes.alerts import alarm_actions, mail_subscribed
from autograder.probes.roles import read_roles
from autograder.probes.tables import items_of

STEP_S = 5
QUANTITY = "quantity"  # learners' shops have names of their own for it
FUNCTIONS = "*assumed-role*"  # as callers of the account: fault rules must not hit the one who asks
WRITES = ("PutItem", "UpdateItem", "DeleteItem")
CONFLICT = {"code": "TransactionConflictException", "message": "Transaction is ongoing for the item", "status": 400}
GIVEN_UP = {
    "code": "TransactionCanceledException",
    "message": "Transaction cancelled, please refer cancellation reasons for specific reasons [TransactionConflict, None]",
    "status": 400,
}
DENIED = {"code": "AccessDeniedException", "message": "The key of the table is disabled.", "status": 400}


def scenario_setting(scene, stack):
    if "AlertTopicArn" in stack.outputs:
        scene.ears.listen("alerts", stack.outputs["AlertTopicArn"])


def scenario_quiet(scene, clock):
    """Nothing happens, and nobody should be told of it."""
    with scene.window("quiet"):
        clock.advance(minutes=20)


def scenario_orders(scene, clock, variant, traffic):
    """Sound orders, one by one and many at once."""
    most = variant["quantity_max"]
    alone = [
        order("plain-1", "ada", (2, 450)),
        order("plain-2", "ada", (1, 1250), (3, 99)),
        order("plain-3", "grace", (most, 1)),
        order("plain-4", "Zoë O'Neil", (1, 0)),
        order("plain-5", "grace", (7, 12_345_678), note="ring twice", gift={"wrapped": True}),
    ]
    together = [order(f"many-{number}", f"many-{number % 3}", (number + 1, 100)) for number in range(9)]
    with scene.window("orders"):
        for one in alone:
            send(scene, one)
            clock.advance(seconds=STEP_S)
        with traffic.gathered():
            for one in together:
                send(scene, one)
        clock.advance(minutes=5)
        failures(scene)


def scenario_twice(scene, clock, faults):
    """SQS gives a message twice, and the shop sends an order again, also with other content."""
    with scene.window("twice"):
        with faults.during(kind="delivery", source="sqs", duplicates=1):
            send(scene, order("twice-1", "delivered-twice", (2, 300)))
            clock.advance(minutes=5)
        for cents in (500, 500, 900):
            send(scene, order("twice-2", "sent-again", (1, cents)))
            clock.advance(minutes=1)
        clock.advance(minutes=15)
        send(scene, order("twice-2", "sent-again", (1, 500)))
        clock.advance(minutes=5)
        failures(scene)


def scenario_bad(scene, clock, variant, traffic, evidence):
    """Broken orders among sound ones in one batch; then one alone, whose attempts can be counted."""
    most = variant["quantity_max"]
    bad = [
        "Two teas for Ada, please.",
        json.dumps({"orderId": "bad-1", "customer": "bad"}),
        json.dumps(order("bad-2", "bad", (1, 100), (0, 100))),
        json.dumps(order("bad-3", "bad", (most + 1, 100))),
        json.dumps(order("bad-4", "bad", ("2", 100))),
        json.dumps(order("", "bad", (2, 100))),
    ]
    good = [order(f"beside-{number}", "beside", (1, 100)) for number in range(3)]
    evidence.notes["bad"] = [named(body, variant) for body in bad]
    with scene.window("bad"):
        with traffic.gathered():
            for body in (json.dumps(good[0]), *bad[:3], json.dumps(good[1]), *bad[3:], json.dumps(good[2])):
                send(scene, body)
        clock.advance(minutes=31)
        failures(scene)
    with scene.window("alone"):
        send(scene, "Is anybody there?")
        clock.advance(minutes=31)
        failures(scene)
    evidence.notes["attempts"] = invocations(scene, "alone")


def scenario_transient(scene, clock, faults, stack):
    """Errors that the SDK does not try again, and that are over a moment later: of either table, or of both in a transaction."""
    tables = [stack.outputs.get(name, "") for name in ("OrderTableName", "CustomerTableName")]
    with scene.window("transient"):
        for place, table in enumerate(tables, 1):
            rules = [{"operation": name, "resource": f"*table/{table}*", "error": CONFLICT} for name in WRITES]
            rules.append({"operation": "TransactWriteItems", "error": GIVEN_UP})
            send(scene, order(f"transient-{place}", f"transient-{place}", (3, 200)))
            with_faults(faults, rules, lambda: clock.advance(seconds=STEP_S))
            clock.advance(minutes=20)
        failures(scene)


def with_faults(faults, rules, do):
    """Each rule strikes once."""
    if not rules:
        do()
        return
    with faults.during(service="dynamodb", caller=FUNCTIONS, count=1, **rules[0]):
        with_faults(faults, rules[1:], do)


def scenario_permanent(scene, clock, faults, stack, clients, evidence):
    """An error that stays until somebody mends its cause; then the queue is redriven."""
    with scene.window("permanent"), faults.during(service="dynamodb", caller=FUNCTIONS, error=DENIED):
        for number in range(2):
            send(scene, order(f"permanent-{number}", "permanent", (1, 700)))
            clock.advance(seconds=STEP_S)
        clock.advance(minutes=31)
    sqs, url = clients("sqs"), stack.outputs.get("DeadLetterQueueUrl", "")
    evidence.notes["dead"] = waiting(sqs, url)
    with scene.window("redriven"):
        sqs.start_message_move_task(SourceArn=arn_of(sqs, url))
        clock.advance(minutes=5)
        failures(scene)


def scenario_dead_letter(scene, clock):
    """A message lies in the dead-letter queue, and nothing else happens."""
    clock.advance(minutes=20)
    with scene.window("dead-letter"):
        scene.clients("sqs").send_message(QueueUrl=scene.stack.outputs.get("DeadLetterQueueUrl", ""), MessageBody="dead")
        clock.advance(minutes=16)
        failures(scene)


def scenario_waiting(scene, clock, clients, variant):
    """Somebody switched the worker off, and an order waits."""
    lambda_, function = clients("lambda"), scene.stack.outputs.get("FunctionName", "")
    clock.advance(minutes=20)
    mappings = lambda_.list_event_source_mappings(FunctionName=function)["EventSourceMappings"]
    for mapping in mappings:
        lambda_.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    clock.advance(minutes=2)
    send(scene, order("waiting-1", "waiting", (1, 100)))
    with scene.window("waiting-early"):
        clock.advance(minutes=variant["waiting_min"], seconds=-90)
    with scene.window("waiting"):
        clock.advance(minutes=12)
    for mapping in mappings:
        lambda_.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)
    clock.advance(minutes=5)


def scenario_probe(stack, clients, evidence):
    """Policies, settings and tables, as the account holds them."""
    functions = stack.physical("AWS::Lambda::Function")
    evidence.facts["roles"] = read_roles(clients, functions)
    evidence.facts["alarms"] = alarm_actions(clients)
    if stack.outputs.get("AlertTopicArn") in stack.physical("AWS::SNS::Topic"):
        evidence.facts["mail"] = mail_subscribed(clients, stack.outputs["AlertTopicArn"])
    for name, key in (("OrderTableName", "orderId"), ("CustomerTableName", "customer")):
        items = items_of(clients, stack.outputs.get(name, ""))
        evidence.facts[key] = {str(item[key]): item for item in items if key in item}
    sqs, lambda_, function = clients("sqs"), clients("lambda"), stack.outputs.get("FunctionName", "")
    url = stack.outputs.get("OrderQueueUrl", "")
    evidence.facts["function"] = lambda_.get_function_configuration(FunctionName=function)
    evidence.facts["reserved"] = lambda_.get_function_concurrency(FunctionName=function).get("ReservedConcurrentExecutions")
    evidence.facts["queue"] = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    answer = lambda_.list_event_source_mappings(EventSourceArn=evidence.facts["queue"]["QueueArn"])
    evidence.facts["mappings"] = answer["EventSourceMappings"]


def order(order_id, customer, *items, **more):
    rows = [{"sku": f"sku-{place}", QUANTITY: quantity, "cents": cents} for place, (quantity, cents) in enumerate(items)]
    return {"orderId": order_id, "customer": customer, "items": rows, **more}


def named(message, variant):
    """An order with the name that this learner's shop has for how many."""
    body = message if isinstance(message, str) else json.dumps(message)
    return body.replace(f'"{QUANTITY}":', f'"{variant["quantity"]}":')


def send(scene, message):
    body = named(message, scene.variant)
    answer = scene.clients("sqs").send_message(QueueUrl=scene.stack.outputs.get("OrderQueueUrl", ""), MessageBody=body)
    scene.evidence.notes.setdefault("sent", {})[answer["MessageId"]] = body


def failures(scene):
    """What waits in the dead-letter queue is written down and taken out."""
    scene.evidence.failures += scene.ears.drained(scene.stack.outputs.get("DeadLetterQueueUrl", ""))


def invocations(scene, window):
    """How often Lambda ran the worker in this window, by its own count."""
    held = scene.evidence.windows[window]
    dimensions = [{"Name": "FunctionName", "Value": scene.stack.outputs.get("FunctionName", "").rpartition(":")[2]}]
    answer = scene.clients("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="Invocations",
        Dimensions=dimensions,
        StartTime=held.start,
        EndTime=held.end,
        Period=60,
        Statistics=["Sum"],
    )
    return int(sum(point["Sum"] for point in answer["Datapoints"]))


def waiting(sqs, url):
    held = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"]
    return int(held["ApproximateNumberOfMessages"])


def arn_of(sqs, url):
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
