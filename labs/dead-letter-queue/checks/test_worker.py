"""The worker was handed an order asynchronously, and booked it."""

from autograder.checks.expect import expect


def test_an_order_was_accepted_and_booked(aws, lab, session):
    function = lab.name("function")
    aws("lambda").get_function(FunctionName=function)
    session.wait(1)
    events = aws("logs").filter_log_events(logGroupName=f"/aws/lambda/{function}", filterPattern="booked")["events"]
    expect(events, "No line of the log says that an order was booked: has the worker been given one?")
    at = events[-1]["timestamp"] // 1000
    answer = aws("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="AsyncEventsReceived",
        Dimensions=[{"Name": "FunctionName", "Value": function}],
        StartTime=at - 600,
        EndTime=at + 600,
        Period=60,
        Statistics=["Sum"],
    )
    received = sum(point["Sum"] for point in answer["Datapoints"])
    expect(received >= 1, "The order was booked, but the caller waited for it: hand it over asynchronously.")
