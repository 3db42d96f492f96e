source = """
import json
import time


def handler(event, context):
    query = event.get("queryStringParameters") or {}
    name = query.get("name")
    if not name:
        return answer(400, {"error": "add ?name= and a name to the address"})
    try:
        wait = float(query.get("wait", 0))
    except ValueError:
        wait = -1.0
    if not 0 <= wait <= 10:
        return answer(400, {"error": "wait is a number of seconds from 0 to 10"})
    time.sleep(wait)
    print(json.dumps({"greeted": name, "request_id": context.aws_request_id}))
    return answer(200, {"message": f"Hello, {name}!"})


def answer(status, document):
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": json.dumps(document),
    }
"""
deploy(source)
print(call(url + "?name=Ada&wait=soon"))
for event in logs.filter_log_events(
    logGroupName=LOG_GROUP, filterPattern="ERROR"
)["events"][-1:]:
    print(event["message"].rstrip())

lab.faults.clear()
lab.faults.add(kind="throttle", resource=f"*:function:{FUNCTION}*", until=lab.now() + 30)
print(call(url + "?name=Ada"))
time.sleep(30)
print(call(url + "?name=Ada"))
