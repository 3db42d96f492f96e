hand_over({"order": "B-7", "amount": -5})
time.sleep(200)

events = logs.filter_log_events(logGroupName=LOG_GROUP)["events"]
print(
    [
        event["message"].split()[2]
        for event in events
        if event["message"].startswith("START")
    ]
)
