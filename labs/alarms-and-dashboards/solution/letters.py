alarm(
    LETTERS,
    Namespace="AWS/SQS",
    MetricName="ApproximateNumberOfMessagesVisible",
    Dimensions=[{"Name": "QueueName", "Value": DEAD}],
    Statistic="Maximum",
    Period=60,
    EvaluationPeriods=1,
    Threshold=0,
    ComparisonOperator="GreaterThanThreshold",
    TreatMissingData="notBreaching",
)
hand_over()
minutes(8)
print("it has come:", states(LETTERS))
minutes(20)
print("it still lies there:", states(LETTERS))
sqs.purge_queue(QueueUrl=make_queue(DEAD)[0])
minutes(5)
print("it is gone:", states(LETTERS))
