"""What happens to every submission, in this order: each scenario runs once, checks read what was seen.

Between two disturbances everything is mended and half an hour is quiet, so that what rings rang for this one.
"""

import json
from contextlib import ExitStack, contextmanager
from functools import partial

from autograder.probes.alerts import alarm_states, mail_subscribed
from autograder.probes.log_records import retention_days
from autograder.probes.monitoring import metric_sums

FUNCTIONS = "*assumed-role*"  # as callers of the account: fault rules must not hit the one who asks
DENIED = {"code": "AccessDeniedException", "message": "User is not authorized to perform this operation.", "status": 400}
SEALED = "tok_live_5vE1b9Qx7rT2"  # the token of every job; must not be seen in a log


def scenario_setting(scene, stack, clock, evidence):
    """The first half hour, of which nothing is asked."""
    if "AlertTopicArn" in stack.outputs:
        scene.ears.listen("alerts", stack.outputs["AlertTopicArn"])
    evidence.notes["sealed"] = SEALED
    clock.advance(minutes=30)


def scenario_quiet(scene, clock):
    """No job comes, and the sweep runs as it should."""
    with scene.window("quiet"):
        clock.advance(minutes=20)


def scenario_work(scene, clock):
    """Sound jobs, all of which can be paid."""
    with scene.window("work"):
        for name in ("w1", "w2", "w3"):
            send(scene, job(scene, name))
        clock.advance(minutes=8)


def scenario_normal(scene, clock, variant, evidence):
    """As many refused jobs as are normal."""
    with scene.window("normal"):
        for number in range(variant["refused_max"]):
            send(scene, job(scene, f"r{number}", currency="USD"))
        clock.advance(minutes=11)
    evidence.notes["rows"] = rows(scene)


def scenario_bad(scene, clock, traffic):
    """A job that cannot be done, among some that can."""
    with scene.window("bad"):
        with traffic.gathered():
            for row in (job(scene, "b1"), job(scene, "b2", amount="a lot"), job(scene, "b3")):
                send(scene, row)
            clock.advance(seconds=5)
        clock.advance(minutes=10)
        failures(scene)
    clock.advance(minutes=20)


def scenario_waiting(scene, clock, clients, stack):
    """A message waits in the failure queue, and nothing else happens."""
    with scene.window("waiting"):
        clients("sqs").send_message(QueueUrl=stack.outputs.get("FailureQueueUrl", ""), MessageBody=json.dumps(job(scene, "f1")))
        clock.advance(minutes=12)
        failures(scene)
    clock.advance(minutes=20)


def scenario_transient(scene, clock, faults):
    """The table refuses once."""
    with scene.window("transient"):
        with faults.during(service="dynamodb", operation="PutItem", caller=FUNCTIONS, error=DENIED, count=1):
            send(scene, job(scene, "t1"))
            clock.advance(seconds=30)
        clock.advance(minutes=6)
        failures(scene)
    clock.advance(minutes=20)


def scenario_crash(scene, clock, clients, faults, stack):
    """The worker ends in a way it cannot report itself; called directly, so that no job is touched."""
    worker = stack.outputs.get("WorkerFunctionName", "")
    ends = {"code": "Runtime.ExitError", "message": "exit"}
    with scene.window("crash"):
        with faults.during(kind="invocation", resource=f"*:function:{worker}*", error=ends):
            for _ in range(2):
                clients("lambda").invoke(FunctionName=worker, Payload=json.dumps({"Records": []}).encode())
        clock.advance(minutes=12)
    clock.advance(minutes=20)


def scenario_sweep_fails(scene, clock, clients, faults, stack, evidence):
    """The table refuses the sweep whatever it asks."""
    sweep = stack.outputs.get("SweepFunctionName", "")
    with scene.window("sweep-fails"):
        with faults.during(service="dynamodb", caller=FUNCTIONS, error=DENIED):
            clock.advance(minutes=11)
            answer = clients("lambda").invoke(FunctionName=sweep, Payload=b"{}")
            evidence.notes["sweep-failed"] = "FunctionError" in answer
        clock.advance(minutes=4)
        failures(scene)  # a sweep may have a destination for what failed
    clock.advance(minutes=25)


def scenario_refusals(scene, clock, variant):
    """One job more is refused than is normal: a threshold copied from somebody else shows."""
    with scene.window("refusals"):
        for number in range(variant["refused_max"] + 1):
            send(scene, job(scene, f"x{number}", currency="USD"))
        clock.advance(minutes=11)
    clock.advance(minutes=20)


def scenario_backlog(scene, clock):
    """Nobody takes the jobs, and nothing fails."""
    with scene.window("backlog"), stopped(scene, mappings):
        send(scene, job(scene, "k1"))
        clock.advance(minutes=31)
    clock.advance(minutes=20)


def scenario_silence(scene, clock, evidence, clients):
    """The sweep is not started any more; then everything is mended."""
    with scene.window("silence"), stopped(scene, rules), stopped(scene, schedules):
        clock.advance(minutes=61)
    clock.advance(minutes=40)
    evidence.notes["states"] = alarm_states(clients)
    evidence.notes["rows-after"] = rows(scene)


def scenario_probe(scene, stack, clients, variant, evidence):
    """Settings and metrics, as the account holds them."""
    functions = stack.physical("AWS::Lambda::Function")
    evidence.facts["retention"] = {function: retention_days(scene, function) for function in functions}
    topic = stack.outputs.get("AlertTopicArn", "")
    if topic in stack.physical("AWS::SNS::Topic"):
        evidence.facts["mail"] = mail_subscribed(clients, topic)
    evidence.facts["metrics"] = {
        name: metric_sums(clients, variant["namespace"], evidence.windows.get(name)) for name in ("work", "normal", "bad")
    }
    evidence.facts["tracing"] = [
        clients("lambda").get_function_configuration(FunctionName=name)["TracingConfig"]["Mode"] for name in functions
    ]
    window = evidence.windows.get("work")
    if window is not None:
        found = clients("xray").get_trace_summaries(StartTime=window.start - 1, EndTime=window.end)
        evidence.facts["traces"] = len(found["TraceSummaries"])


def job(scene, name, amount="12.50", currency="EUR"):
    fields = scene.variant["amount"], scene.variant["currency"]
    return {"job": f"job-{name}", fields[0]: amount, fields[1]: currency, "token": SEALED}


def send(scene, body):
    scene.clients("sqs").send_message(QueueUrl=scene.stack.outputs.get("JobQueueUrl", ""), MessageBody=json.dumps(body))


def rows(scene):
    """The table's rows as {job: {name: text}}."""
    table = scene.stack.outputs.get("PayoutsTableName", "")
    found = scene.clients("dynamodb").scan(TableName=table)["Items"]
    plain = [{name: str(next(iter(value.values()))) for name, value in row.items()} for row in found]
    return {row.get("job", ""): row for row in plain}


def failures(scene):
    """What waits in the failure queue is written down and taken out."""
    url = scene.stack.outputs.get("FailureQueueUrl", "")
    scene.evidence.failures += scene.ears.drained(url) if url else []


@contextmanager
def stopped(scene, things):
    """Whatever is running of these is stopped inside the block."""
    with ExitStack() as starting:
        for stop, start in things(scene):
            stop()
            starting.callback(start)
        yield


def mappings(scene):
    lambda_ = scene.clients("lambda")
    for row in lambda_.list_event_source_mappings()["EventSourceMappings"]:
        if row["State"] == "Enabled":
            yield switch(lambda_.update_event_source_mapping, {"Enabled": False}, {"Enabled": True}, UUID=row["UUID"])


def rules(scene):
    events = scene.clients("events")
    for row in events.list_rules()["Rules"]:
        if row.get("ScheduleExpression") and row["State"] == "ENABLED":
            yield partial(events.disable_rule, Name=row["Name"]), partial(events.enable_rule, Name=row["Name"])


def schedules(scene):
    scheduler = scene.clients("scheduler")
    for row in scheduler.list_schedules()["Schedules"]:
        held = scheduler.get_schedule(Name=row["Name"], GroupName=row["GroupName"])
        asked = {name: held[name] for name in ("Name", "GroupName", "ScheduleExpression", "FlexibleTimeWindow", "Target")}
        yield switch(scheduler.update_schedule, {"State": "DISABLED"}, {"State": "ENABLED"}, **asked)


def switch(call, off, on, **asked):
    return partial(call, **asked, **off), partial(call, **asked, **on)
