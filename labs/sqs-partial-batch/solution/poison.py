send(*good("P", 9), {"parcel": "P-bad"})
time.sleep(200)

for event in logs.filter_log_events(
    logGroupName=LOG_GROUP, filterPattern='"no weight"'
)["events"]:
    print(event["message"].strip()[:80])
print(labels())
