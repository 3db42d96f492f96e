"""What happens to every submission, in this order: each scenario runs once, checks read what was seen."""

import json

from autograder.pictures import animated, padded, picture, plain, transparent
from autograder.probes.alerts import alarm_actions, mail_subscribed
from autograder.probes.invocation import read_guarded
from autograder.probes.log_records import retention_days
from autograder.probes.roles import read_roles

MEBIBYTE = 1_048_576
STEP_S = 5  # between two uploads, so that one execution environment serves both
FUNCTIONS = "*assumed-role*"  # as callers of the account: fault rules must not hit the one who asks


def scenario_setting(scene, stack):
    for name, output in (("notifications", "NotificationTopicArn"), ("alerts", "AlertTopicArn")):
        if output in stack.outputs:
            scene.ears.listen(name, stack.outputs[output])


def scenario_quiet(scene, clock):
    """Nothing happens, and nobody should be told of it."""
    with scene.window("quiet"):
        clock.advance(minutes=20)


def scenario_images(scene, traffic, clock, variant, evidence):
    """Sound images of every kind, and the names people give them."""
    uploads = {
        # name: (body, upright width, height)
        "landscape.jpg": (picture(1600, 1200), 1600, 1200),
        "upright.jpg": (picture(900, 1350, "JPEG", 6), 900, 1350),
        "strip.webp": (picture(1500, 20, "WEBP"), 1500, 20),
        "icon.png": (picture(120, 90, "PNG"), 120, 90),
        "glass.png": (transparent(600, 400), 600, 400),
        "moving.gif": (animated(400, 300), 400, 300),
        "trips/2024/a b+c ü€.final.JPG": (picture(640, 480), 640, 480),
        "50%25 off/.hidden": (picture(320, 200), 320, 200),
        "v1.2/no-suffix": (picture(300, 400, "PNG"), 300, 400),
    }
    evidence.notes["images"] = {name: size for name, (_, *size) in uploads.items()}
    with scene.window("images"):
        for name, (body, *_) in uploads.items():
            traffic.upload(f"{variant['incoming']}/{name}", body)
            clock.advance(seconds=STEP_S)
        clock.advance(minutes=6)
        failures(scene)


def scenario_twice(scene, traffic, clock, faults, variant):
    """What is uploaded anew is a new image; and S3 delivers at least once: here twice."""
    with scene.window("twice"):
        for body in (picture(500, 200), picture(200, 500)):
            traffic.upload(f"{variant['incoming']}/anew.jpg", body)
            clock.advance(seconds=STEP_S)
        with faults.during(kind="delivery", source="s3", duplicates=1):
            traffic.upload(f"{variant['incoming']}/twice.jpg", picture(400, 300))
            clock.advance(minutes=6)
        failures(scene)


def scenario_bad(scene, traffic, clock, variant):
    """What is no image, among some that are; and what is told in odd ways."""
    incoming, whole = variant["incoming"], picture(800, 600)
    bytes_max = variant["mebibytes_max"] * MEBIBYTE
    rows = variant["megapixels_max"] * 100  # of 10,000 pixels each
    together = {
        "good-before.jpg": picture(410, 300),
        "notes.jpg": b"Dear diary, this is no image.",
        "good-after.jpg": picture(440, 300),
    }
    apart = {
        "cut.jpg": whole[: len(whole) // 2],
        "empty.png": b"",
        "old.bmp": picture(60, 40, "BMP"),
        "album/": b"",
        "heavy.jpg": padded(picture(420, 300), bytes_max + 1),
        "heaviest.jpg": padded(picture(430, 300), bytes_max),
        "huge.png": plain(10_000, rows + 1, "PNG"),
        "largest.jpg": plain(10_000, rows, "JPEG"),
    }
    with scene.window("bad"):
        with traffic.gathered():
            for name, body in together.items():
                traffic.upload(f"{incoming}/{name}", body)
        for name, body in apart.items():
            traffic.upload(f"{incoming}/{name}", body)
            clock.advance(seconds=STEP_S)
        several_records(traffic, clock, f"{incoming}/batch")
        gone(scene, f"{incoming}/gone.jpg")
        clock.advance(minutes=21)
        failures(scene)


def several_records(traffic, clock, folder):
    """One event with three records, one of them no image; a bucket that tells EventBridge has no such events."""
    bodies = {"one.jpg": picture(450, 300), "two.jpg": b"no image", "three.jpg": picture(460, 300)}
    if traffic.entries():
        with traffic.unnoticed():
            uploads = [traffic.upload(f"{folder}/{name}", body) for name, body in bodies.items()]
        traffic.deliver(uploads)
    else:
        for name, body in bodies.items():
            traffic.upload(f"{folder}/{name}", body)
    clock.advance(seconds=STEP_S)


def gone(scene, key):
    """An object that is gone before it is read."""
    with scene.traffic.unnoticed():
        upload = scene.traffic.upload(key, picture(320, 240))
    scene.clients("s3").delete_object(Bucket=scene.traffic.bucket, Key=key)
    scene.traffic.deliver([upload])


def scenario_test_event(scene, traffic, clock):
    with scene.window("test-event"):
        for arn in traffic.entries()[:1]:
            traffic.send(arn, TEST_EVENT | {"Bucket": traffic.bucket})
        clock.advance(minutes=21)
        failures(scene)


def scenario_permanent(scene, traffic, clock, faults, variant, evidence):
    """Errors that stay until somebody mends their cause; then the event is brought back."""
    names = ("permanent-s3", "permanent-sns")
    denied = {"code": "AccessDenied", "message": "Access Denied", "status": 403}
    disabled = {"code": "KMSDisabled", "message": "The request was rejected because the CMK is disabled.", "status": 400}
    with scene.window("permanent"):
        with (
            faults.during(service="s3", operation="PutObject", resource="*permanent-s3*", caller=FUNCTIONS, error=denied),
            faults.during(service="sns", operation="Publish", caller=FUNCTIONS, error=disabled),
        ):
            for name in names:
                traffic.upload(f"{variant['incoming']}/{name}.jpg", picture(350, 240))
                clock.advance(seconds=STEP_S)
            clock.advance(minutes=21)
        failed = failures(scene)
    with scene.window("redriven"):
        events = [scene.event_of(failed, f"{variant['incoming']}/{name}.jpg") for name in names]
        evidence.notes["redriven"] = [event is not None for event in events]
        for event in events:
            for arn in traffic.entries()[:1] if event is not None else ():
                traffic.send(arn, event)
                clock.advance(seconds=STEP_S)


def scenario_transient(scene, traffic, clock, faults, variant):
    """Errors that the SDK does not try again, and that are over a moment later."""
    busy = {
        "code": "OperationAborted",
        "message": "A conflicting conditional operation is in progress. Try again.",
        "status": 409,
    }
    throttled = {"code": "KMSThrottling", "message": "The request was denied due to request throttling.", "status": 400}
    rules = {
        "transient-s3": {"service": "s3", "operation": "PutObject", "resource": "*transient-s3*", "error": busy},
        "transient-sns": {"service": "sns", "operation": "Publish", "error": throttled},
    }
    with scene.window("transient"):
        for name, rule in rules.items():
            with faults.during(caller=FUNCTIONS, count=1, **rule):
                traffic.upload(f"{variant['incoming']}/{name}.jpg", picture(330, 240))
                clock.advance(seconds=STEP_S)
        clock.advance(minutes=20)
        failures(scene)


def scenario_crash(scene, clock, clients, faults, stack):
    """The function ends in a way it cannot report itself; called directly, so that no event reaches the failure queue."""
    function = stack.outputs.get("FunctionName", "")
    with scene.window("crash"), faults.during(kind="invocation", error={"code": "Runtime.ExitError", "message": "exit"}):
        for _ in range(2):
            clients("lambda").invoke(FunctionName=function, Payload=json.dumps(TEST_EVENT).encode())
        clock.advance(minutes=15)


def scenario_waiting(scene, clock, clients, stack):
    """A message waits in the failure queue, and nothing else happens."""
    url = stack.outputs.get("FailureQueueUrl", "")
    clock.advance(minutes=20)
    with scene.window("waiting"):
        clients("sqs").send_message(QueueUrl=url, MessageBody=json.dumps({"Records": []}))
        clock.advance(minutes=15)


def scenario_environment(clients, stack, evidence, clock):
    """A variable is taken away, then one is made nonsense; S3's test event asks for no work, so only an INIT can fail."""
    lambda_, function = clients("lambda"), stack.outputs.get("FunctionName", "")
    held = lambda_.get_function_configuration(FunctionName=function).get("Environment", {}).get("Variables", {})
    values = set(stack.outputs.values())
    named = sorted(name for name, value in held.items() if value in values) or sorted(held)
    numbers = sorted(name for name, value in held.items() if value.isdecimal())
    trials = [(name, None) for name in named[:1]] + [(name, "a few") for name in numbers[:1]]
    evidence.notes["environment"] = []
    for name, value in trials:
        changed = {key: text for key, text in held.items() if key != name} | ({name: value} if value else {})
        lambda_.update_function_configuration(FunctionName=function, Environment={"Variables": changed})
        clock.advance(seconds=30)
        answer = lambda_.invoke(FunctionName=function, Payload=json.dumps(TEST_EVENT).encode())
        said = answer["Payload"].read().decode("utf-8", "replace")
        evidence.notes["environment"].append({"name": name, "value": value, "failed": "FunctionError" in answer, "said": said})
    lambda_.update_function_configuration(FunctionName=function, Environment={"Variables": held})


def scenario_second(scene, evidence):
    """Another stage of the same application in the same account."""
    evidence.notes["second"] = scene.deploy_again(Stage="exam2")


def failures(scene):
    """What waits in the failure queue is written down and taken out."""
    url = scene.stack.outputs.get("FailureQueueUrl", "")
    found = scene.ears.drained(url) if url else []
    scene.evidence.failures += found
    return found


TEST_EVENT = {
    "Service": "Amazon S3",
    "Event": "s3:TestEvent",
    "Time": "2026-01-01T00:00:00.000Z",
    "Bucket": "uploads",
    "RequestId": "5582815E1AEA5ADF",
    "HostId": "8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR+YstdA6Knx4Ip8EXAMPLE",
}


def scenario_probe(scene, stack, clients, evidence):
    """Policies, settings and subscriptions, as the account holds them."""
    functions = stack.physical("AWS::Lambda::Function")
    queues, topics = stack.physical("AWS::SQS::Queue"), stack.physical("AWS::SNS::Topic")
    evidence.facts["roles"] = read_roles(clients, functions)
    evidence.facts["guarded"] = read_guarded(clients, functions, queues, topics)
    name = stack.outputs.get("FunctionName", "")
    evidence.facts["function"] = clients("lambda").get_function_configuration(FunctionName=name)
    evidence.facts["retention"] = {function: retention_days(scene, function) for function in functions}
    topic = stack.outputs.get("AlertTopicArn", "")
    if topic in topics:
        evidence.facts["mail"] = mail_subscribed(clients, topic)
    evidence.facts["alarms"] = alarm_actions(clients)
    evidence.facts["traces"] = traces(scene)
    made = [f"{stack.outputs.get('ResultBucketName')}/{scene.variant[name]}/" for name in ("thumbnails", "previews")]
    told = scene.account.control.timeline(kind="s3", limit=5_000)
    evidence.notes["echoes"] = [entry for entry in told if any(f": {place}" in entry["title"] for place in made)]
    body = clients("cloudformation").get_template(StackName=stack.name, TemplateStage="Processed")["TemplateBody"]
    evidence.facts["template"] = json.loads(body) if isinstance(body, str) else body


def traces(scene):
    """How many traces there are of the time in which images were processed; none when the stack refused the uploads."""
    window = scene.evidence.windows.get("images")
    if window is None:
        return 0
    answer = scene.clients("xray").get_trace_summaries(StartTime=window.start - 1, EndTime=window.end)
    return len(answer["TraceSummaries"])
