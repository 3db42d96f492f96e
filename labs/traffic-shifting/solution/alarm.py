cloudwatch.put_metric_alarm(
    AlarmName=ALARM,
    Namespace="AWS/Lambda",
    MetricName="Errors",
    Dimensions=[
        {"Name": "FunctionName", "Value": FUNCTION},
        {"Name": "Resource", "Value": f"{FUNCTION}:{ALIAS}"},
    ],
    Statistic="Sum",
    Period=60,
    EvaluationPeriods=1,
    Threshold=1,
    ComparisonOperator="GreaterThanOrEqualToThreshold",
    TreatMissingData="notBreaching",
)


def alarm_says():
    return cloudwatch.describe_alarms(AlarmNames=[ALARM])["MetricAlarms"][0]["StateValue"]


lab.faults.clear()
lab.faults.add(
    kind="invocation",
    resource=f"*:function:{FUNCTION}:{ALIAS}",
    error="DatabaseDown",
    message="no answer",
    count=3,
)
print(call(times=5))
time.sleep(120)
print(alarm_says())
time.sleep(180)
print(alarm_says())
