alarm(
    SILENCE,
    Namespace="AWS/Lambda",
    MetricName="Invocations",
    Dimensions=[{"Name": "FunctionName", "Value": FUNCTION}],
    Statistic="Sum",
    Period=300,
    EvaluationPeriods=1,
    Threshold=1,
    ComparisonOperator="LessThanThreshold",
    TreatMissingData="notBreaching",
)
traffic()
minutes(1)
print("with callers:", states(SILENCE))
minutes(15)
print("without:", states(SILENCE))
