"""What happens to every submission, in this order: each scenario runs once, checks read what was seen."""

from contextlib import contextmanager

from autograder.probes.alerts import alarm_actions
from autograder.probes.http_api import call_api
from autograder.probes.invocation import read_guarded
from autograder.probes.roles import read_roles

FUNCTIONS = "*assumed-role*"  # as callers of the account: fault rules must not hit the one who asks
REACHED, UNREACHED = "7 Harbour Street", "Long Island, the lighthouse"  # the carrier refuses islands


def scenario_setting(scene, stack):
    for name, output in (("notifications", "CustomerNoticesArn"), ("alerts", "AlertsArn")):
        if output in stack.outputs:
            scene.ears.listen(name, stack.outputs[output])


def scenario_quiet(scene, clock):
    """Nothing happens, and nobody should be told of it."""
    with scene.window("quiet"):
        clock.advance(minutes=20)


def scenario_orders(scene, clock, clients, stack, evidence):
    """One order is paid by card, one by invoice, later; one is not paid at all. Support adds a note to what was shipped."""
    with scene.window("orders"):
        for number, payment in (("C-1", "card"), ("I-1", "invoice"), ("I-2", "invoice")):
            place(scene, number, payment)
        place(scene, "C-1", "card")
        clock.advance(minutes=3)
        evidence.notes["known"] = ask(scene, "GET", "/orders/I-2")
        evidence.notes["unknown"] = ask(scene, "GET", "/orders/N-0")
        evidence.notes["paid"] = ask(scene, "POST", "/orders/I-1/payment", {})
        clock.advance(minutes=3)
        note = {":note": {"S": "call first"}}
        clients("dynamodb").update_item(
            TableName=stack.outputs.get("TableName", ""),
            Key={"id": {"S": "C-1"}},
            UpdateExpression="SET note = :note",
            ExpressionAttributeValues=note,
        )
        clock.advance(minutes=3)
        written_down(scene, "orders")


def scenario_slow(scene, clock, faults, stack, variant):
    """The carrier takes the time it may take."""
    slow = {"kind": "invocation", "resource": f"*:function:{stack.outputs.get('ShipFunctionName')}"}
    with scene.window("slow"), faults.during(latency_s=variant["carrier_s"], **slow):
        place(scene, "S-1", "card")
        clock.advance(minutes=10)
        written_down(scene, "slow")


def scenario_refused(scene, clock, stack, evidence):
    """A parcel that the carrier refuses, by itself, for long enough that the hourly report counts the order."""
    with scene.window("refused"):
        place(scene, "R-1", "card", UNREACHED)
        clock.advance(minutes=65)
        written_down(scene, "refused")
    evidence.notes["attempts"] = invocations(scene, stack.outputs.get("ShipFunctionName", ""), "refused")


def scenario_together(scene, clock):
    """Three parcels in one batch, where the function takes batches; the carrier refuses the second."""
    with scene.window("together"):
        with queues_paused(scene):
            for number, address in (("T-1", REACHED), ("T-2", UNREACHED), ("T-3", REACHED)):
                place(scene, number, "card", address)
                clock.advance(seconds=2)
            clock.advance(minutes=1)
        clock.advance(minutes=60)
        written_down(scene, "together")


def scenario_notices(scene, clock, faults):
    """SNS fails once in a way the SDK does not try again; then it fails for good."""
    throttled = {"code": "KMSThrottling", "message": "The request was denied due to request throttling.", "status": 400}
    disabled = {"code": "KMSDisabled", "message": "The request was rejected because the CMK is disabled.", "status": 400}
    publishing = {"service": "sns", "operation": "Publish", "caller": FUNCTIONS}
    with scene.window("passing"), faults.during(error=throttled, count=1, **publishing):
        place(scene, "P-1", "card")
        clock.advance(minutes=20)
        written_down(scene, "passing")
    with scene.window("staying"), faults.during(error=disabled, **publishing):
        place(scene, "P-2", "card")
        clock.advance(minutes=30)
        written_down(scene, "staying")


def scenario_waiting(scene, clock, clients, stack):
    """A message waits in one failure queue, later in the other, and nothing else happens."""
    for window, output in (("parcel-waits", "ShipmentFailuresUrl"), ("notice-waits", "NoticeFailuresUrl")):
        clock.advance(minutes=15)
        url = stack.outputs.get(output, "")
        with scene.window(window):
            clients("sqs").send_message(QueueUrl=url, MessageBody="{}")
            clock.advance(minutes=15)
        scene.ears.drained(url)


def scenario_probe(stack, clients, evidence):
    """Policies, settings and rows, as the account holds them."""
    functions = stack.physical("AWS::Lambda::Function")
    evidence.facts["roles"] = read_roles(clients, functions)
    evidence.facts["guarded"] = read_guarded(clients, functions, [], [])
    evidence.facts["alarms"] = alarm_actions(clients)
    evidence.facts["kept"] = {
        output: int(attributes(clients, stack.outputs.get(output, ""))["MessageRetentionPeriod"]) // 86_400
        for output in ("ShipmentFailuresUrl", "NoticeFailuresUrl")
    }


def scenario_second(scene, evidence):
    """Another stage of the same application in the same account."""
    evidence.notes["second"] = scene.deploy_again(Stage="exam2")


def place(scene, number, payment, address=REACHED):
    fields = scene.variant["payment"], scene.variant["address"]
    return ask(scene, "POST", "/orders", {"id": number, fields[0]: payment, fields[1]: address})


def ask(scene, method, path, document=None):
    """Only an API of this stack is asked, whatever the output says."""
    api = scene.stack.outputs.get("ApiId", "")
    return call_api(scene, api if api in scene.stack.physical("AWS::ApiGatewayV2::Api") else "", method, path, document)


def written_down(scene, window):
    """The rows, and what waits in the failure queues, which is taken out."""
    notes, outputs = scene.evidence.notes, scene.stack.outputs
    for name, output in (("parcels", "ShipmentFailuresUrl"), ("notices", "NoticeFailuresUrl")):
        notes[f"{window}-{name}"] = [message.body for message in scene.ears.drained(outputs.get(output, ""))]
    rows = scene.clients("dynamodb").scan(TableName=outputs.get("TableName", ""))["Items"]
    notes[f"{window}-rows"] = {text(row, "id"): text(row, "status") for row in rows}


def text(row, name):
    """Of an attribute that a submission's table may lack, or hold in another type."""
    return row.get(name, {}).get("S", "")


@contextmanager
def queues_paused(scene):
    """Messages gather while no function reads queues."""
    lambda_ = scene.clients("lambda")
    rows = [row for row in lambda_.list_event_source_mappings()["EventSourceMappings"] if ":sqs:" in row["EventSourceArn"]]
    paused = [row["UUID"] for row in rows if row["State"] == "Enabled"]
    for uuid in paused:
        lambda_.update_event_source_mapping(UUID=uuid, Enabled=False)
    scene.clock.advance(minutes=2)
    yield
    for uuid in paused:
        lambda_.update_event_source_mapping(UUID=uuid, Enabled=True)
    scene.clock.advance(minutes=2)


def invocations(scene, function, window):
    """How often Lambda says it called the function in this window."""
    held = scene.evidence.windows[window]
    answer = scene.clients("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="Invocations",
        Dimensions=[{"Name": "FunctionName", "Value": function}],
        StartTime=held.start - held.start % 60,
        EndTime=held.end,
        Period=60,
        Statistics=["Sum"],
    )
    return int(sum(point["Sum"] for point in answer["Datapoints"]))


def attributes(clients, url):
    return clients("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
