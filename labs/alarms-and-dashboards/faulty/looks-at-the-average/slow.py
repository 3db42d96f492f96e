alarm(
    SLOW,
    Namespace="AWS/Lambda",
    MetricName="Duration",
    Dimensions=[{"Name": "FunctionName", "Value": FUNCTION}],
    Statistic="Average",
    Period=60,
    EvaluationPeriods=1,
    Threshold=1000,
    ComparisonOperator="GreaterThanThreshold",
    TreatMissingData="notBreaching",
)
traffic(good=8, slow=2)
minutes(1)
print(states(SLOW))
