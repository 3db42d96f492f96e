deploy("""
import time


def handler(event, context):
    time.sleep(event.get("ms", 0) / 1000)
    if "cents" not in event:
        raise ValueError(f"order {event['order']} has no price")
    print(f"booked {event['order']}")
    return {"booked": event["order"]}
""")
alarm(
    ERRORS,
    Namespace="AWS/Lambda",
    MetricName="Errors",
    Dimensions=[{"Name": "FunctionName", "Value": FUNCTION}],
    Statistic="Sum",
    Period=60,
    EvaluationPeriods=3,
    DatapointsToAlarm=2,
    Threshold=1,
    ComparisonOperator="GreaterThanOrEqualToThreshold",
    TreatMissingData="missing",
)
traffic(bad=1)
minutes(3)
print("after one error:", states(ERRORS))
traffic(bad=1)
traffic(bad=1)
minutes(1)
print("after errors in two minutes:", states(ERRORS))
