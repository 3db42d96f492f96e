def chart(title, x, y, *metrics, stat="Sum"):
    properties = {
        "title": title,
        "metrics": [list(metric) for metric in metrics],
        "stat": stat,
        "period": 60,
        "region": region,
    }
    return {
        "type": "metric",
        "x": x,
        "y": y,
        "width": 12,
        "height": 6,
        "properties": properties,
    }


page_arn = cloudwatch.describe_alarms(
    AlarmNames=[PAGE], AlarmTypes=["CompositeAlarm"]
)["CompositeAlarms"][0]["AlarmArn"]
widgets = [
    {
        "type": "alarm",
        "x": 0,
        "y": 0,
        "width": 24,
        "height": 3,
        "properties": {"title": "What rings", "alarms": []},
    },
    chart(
        "Calls",
        0,
        3,
        ("AWS/Lambda", "Invocations", "FunctionName", FUNCTION),
        ("AWS/Lambda", "Errors", "FunctionName", FUNCTION),
    ),
    chart(
        "How long callers wait",
        12,
        3,
        ("AWS/Lambda", "Duration", "FunctionName", FUNCTION),
        stat="p90",
    ),
    chart(
        "Dead letters",
        0,
        9,
        ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", DEAD),
        stat="Maximum",
    ),
    chart("Payments refused", 12, 9, ("Shop", "PaymentsRefused", "service", "till")),
]
cloudwatch.put_dashboard(
    DashboardName=DASHBOARD, DashboardBody=json.dumps({"widgets": widgets})
)
