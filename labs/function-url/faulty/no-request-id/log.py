source = """
import json


def handler(event, context):
    query = event.get("queryStringParameters") or {}
    name = query.get("name")
    if not name:
        return answer(400, {"error": "add ?name= and a name to the address"})
    print(json.dumps({"greeted": name, "request_id": "unknown"}))
    return answer(200, {"message": f"Hello, {name}!"})


def answer(status, document):
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": json.dumps(document),
    }
"""
deploy(source)
print(call(url + "?name=Ada"))
for event in logs.filter_log_events(logGroupName=LOG_GROUP)["events"][-5:]:
    print(event["message"].rstrip())
