"""A morning with the stack as it was deployed: what customers and support did, and what an operator finds afterwards.

``./course author record mend-the-broken-stack`` runs it and writes starter/evidence; a test runs it again and compares.
"""

import csv
import io
import json
from datetime import UTC, datetime

from autograder.probes.http_api import call_api
from autograder.probes.log_records import log_group

MINUTE_S = 60
STEP_S = 300  # of the metrics
FUNCTIONS = ("Web", "Dispatch", "Ship", "Notices", "Report")
OF_FUNCTIONS = ("Invocations", "Errors", "Throttles", "AsyncEventsReceived", "AsyncEventsDropped")
OF_MAPPINGS = ("PolledEventCount", "FilteredOutEventCount", "InvokedEventCount", "DeletedEventCount")
OF_QUEUES = ("NumberOfMessagesSent", "NumberOfMessagesDeleted", "ApproximateNumberOfMessagesVisible")


def incident(scene, clock, faults, stack):
    """Yields the name and text of each file of evidence."""
    start = clock.now
    morning(scene, clock, faults, stack)
    names = {logical: physical for logical, _, physical in stack.resources}
    for function in FUNCTIONS:
        yield f"{function.lower()}.log", lines(scene, log_group(scene, names[function]))
    yield "api-access.log", lines(scene, names["ApiLog"])
    yield "metrics.csv", metrics(scene, names, start)
    yield "alarm-history.json", told(alarm_history(scene))
    yield "cloudtrail.json", told(trail(scene))
    yield "failure-queues.json", told(failures(scene, names))
    yield "orders.json", told(scene.clients("dynamodb").scan(TableName=names["Orders"])["Items"])


def morning(scene, clock, faults, stack):
    """Deployed over night; the first customer comes at eight."""
    api = stack.outputs["ApiId"]
    clock.advance(minutes=8 * 60 + 4)
    order(scene, api, "A-1041", "card", "7 Harbour Street")
    clock.advance(minutes=8)
    order(scene, api, "A-1042", "invoice", "12 Mill Lane")
    clock.advance(minutes=11)
    call_api(scene, api, "GET", "/orders/A-1041")
    clock.advance(minutes=7)
    call_api(scene, api, "POST", "/orders/A-1042/payment", {})
    clock.advance(minutes=15)
    order(scene, api, "A-1043", "card", "Long Island, the lighthouse")
    clock.advance(minutes=17)
    ship = f"*:function:{stack.outputs['ShipFunctionName']}"
    with faults.during(kind="invocation", resource=ship, latency_s=scene.variant["carrier_s"]):
        order(scene, api, "A-1044", "card", "3 Station Road")
        clock.advance(minutes=28)
    call_api(scene, api, "GET", "/orders/A-1042")
    clock.advance(minutes=30)


def order(scene, api, number, payment, address):
    call_api(scene, api, "POST", "/orders", {"id": number, "payment": payment, "address": address})


def lines(scene, group):
    """As ``aws logs tail`` shows them; nothing for a log group that is not there."""
    found = scene.clients("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    if not found:
        return f"(there is no log group {group})\n"
    rows = scene.clients("logs").filter_log_events(logGroupName=group)["events"]
    return "".join(f"{stamp(row['timestamp'] / 1000)} {row['message'].rstrip()}\n" for row in rows) or f"({group} is empty)\n"


def metrics(scene, names, start):
    """Sums (of queues' depth the maximum) of five minutes, without zeros."""
    series = [("AWS/Lambda", metric, "FunctionName", names[one]) for one in FUNCTIONS for metric in OF_FUNCTIONS]
    series += [("AWS/Lambda", metric, "EventSourceMappingUUID", names["PaidOrders"]) for metric in OF_MAPPINGS]
    queues = [names[one].rpartition("/")[2] for one in ("Shipments", "ShipmentFailures", "NoticeFailures")]
    series += [("AWS/SQS", metric, "QueueName", queue) for queue in queues for metric in OF_QUEUES]
    series += [("AWS/ApiGateway", metric, "ApiId", names["Api"]) for metric in ("Count", "4xx", "5xx")]
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["start_of_5_minutes", "metric", "of", "value"])
    for namespace, metric, dimension, value in series:
        answer = scene.clients("cloudwatch").get_metric_statistics(
            Namespace=namespace,
            MetricName=metric,
            Dimensions=[{"Name": dimension, "Value": value}],
            StartTime=start,
            EndTime=scene.clock.now,
            Period=STEP_S,
            Statistics=["Sum", "Maximum"],
        )
        statistic = "Maximum" if metric.startswith("Approximate") else "Sum"
        points = sorted((point["Timestamp"].timestamp(), point[statistic]) for point in answer["Datapoints"])
        writer.writerows([stamp(at), metric, value, f"{seen:g}"] for at, seen in points if seen)
    return table.getvalue()


def alarm_history(scene):
    rows = scene.clients("cloudwatch").describe_alarm_history()["AlarmHistoryItems"]
    alarms = scene.clients("cloudwatch").describe_alarms()["MetricAlarms"]
    shown = ("AlarmName", "StateValue", "StateReason", "MetricName", "Dimensions", "Threshold", "ActionsEnabled", "AlarmActions")
    return {
        "alarms": [{name: row[name] for name in shown if name in row} for row in alarms],
        "history": [
            {"at": stamp(row["Timestamp"].timestamp()), "alarm": row["AlarmName"], "what": row["HistorySummary"]} for row in rows
        ],
    }


def trail(scene):
    """Management events of the functions, their mappings and policies, oldest first."""
    pages = (
        scene.clients("cloudtrail")
        .get_paginator("lookup_events")
        .paginate(LookupAttributes=[{"AttributeKey": "EventSource", "AttributeValue": "lambda.amazonaws.com"}])
    )
    rows = [row for page in pages for row in page["Events"] if row["ReadOnly"] == "false"]
    return [
        {
            "at": stamp(row["EventTime"].timestamp()),
            "event": row["EventName"],
            "by": row.get("Username", ""),
            "on": [one["ResourceName"] for one in row["Resources"]],
        }
        for row in reversed(rows)
    ]


def failures(scene, names):
    """What waits in the queues for what failed."""
    held = {}
    for name in ("ShipmentFailures", "NoticeFailures"):
        found = scene.ears.drained(names[name])
        held[name] = [{"sent": stamp(message.at), "body": message.body, "attributes": message.attributes} for message in found]
    return held


def told(document):
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def stamp(at):
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
