"""The limits of the step, seen in what the function does."""

from autograder.checks.expect import expect

TIMEOUT_S, MEMORY_MB = 2, 256


def test_the_limits_are_configured_and_take_effect(aws, lab, http):
    lambda_ = aws("lambda")
    configuration = lambda_.get_function_configuration(FunctionName=lab.name("function"))
    expect(configuration["Timeout"] == TIMEOUT_S, f"The timeout is {configuration['Timeout']} seconds; set it to {TIMEOUT_S}.")
    expect(configuration["MemorySize"] == MEMORY_MB, f"The memory is {configuration['MemorySize']} MB; set it to {MEMORY_MB}.")
    url = lambda_.get_function_url_config(FunctionName=lab.name("function"))["FunctionUrl"]
    quick = http(f"{url}?name=Ada&wait=0.1")
    expect(quick.status == 200, f"wait=0.1 answered {quick.status} {quick.text}; a request within the limit must succeed.")
    slow = http(f"{url}?name=Ada&wait=5")
    expect(
        slow.status == 502, f"wait=5 answered {slow.status}; past its timeout Lambda stops the function and the caller gets 502."
    )
    events = aws("logs").filter_log_events(logGroupName=f"/aws/lambda/{lab.name('function')}")["events"]
    messages = [event["message"] for event in events]
    expect(
        any("Status: timeout" in message for message in messages),
        "No REPORT line of the log says Status: timeout.",
    )
    reports = [message for message in messages if message.startswith("REPORT")]
    shown = reports and f"Memory Size: {MEMORY_MB} MB" in reports[-1]
    expect(shown, f"The last REPORT line does not show {MEMORY_MB} MB.")
