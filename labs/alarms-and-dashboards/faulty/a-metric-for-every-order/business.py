deploy("""
import json
import time


def count_refused(order, at):
    metric = {"Name": "PaymentsRefused", "Unit": "Count"}
    directive = {"Namespace": "Shop", "Dimensions": [["order"]], "Metrics": [metric]}
    head = {"Timestamp": int(at * 1000), "CloudWatchMetrics": [directive]}
    print(
        json.dumps({"_aws": head, "service": "till", "order": order, "PaymentsRefused": 1})
    )


def handler(event, context):
    time.sleep(event.get("ms", 0) / 1000)
    if "cents" not in event:
        raise ValueError(f"order {event['order']} has no price")
    if event.get("card") == "refused":
        count_refused(event["order"], event["at"])
        return {"refused": event["order"]}
    print(f"booked {event['order']}")
    return {"booked": event["order"]}
""")
alarm(
    REFUSED,
    Namespace="Shop",
    MetricName="PaymentsRefused",
    Dimensions=[{"Name": "service", "Value": "till"}],
    Statistic="Sum",
    Period=300,
    EvaluationPeriods=1,
    Threshold=5,
    ComparisonOperator="GreaterThanOrEqualToThreshold",
    TreatMissingData="notBreaching",
)
for number in range(6):
    call(order=f"R-{number}", cents=100, card="refused")
minutes(2)
print(states(REFUSED))
for metric in cloudwatch.list_metrics(Namespace="Shop")["Metrics"]:
    print(metric["MetricName"], metric["Dimensions"])
