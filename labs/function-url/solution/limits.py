source = """
import json
import time


def handler(event, context):
    query = event.get("queryStringParameters") or {}
    name = query.get("name")
    if not name:
        return answer(400, {"error": "add ?name= and a name to the address"})
    time.sleep(float(query.get("wait", 0)))
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
lambda_.update_function_configuration(FunctionName=FUNCTION, Timeout=2, MemorySize=256)
lambda_.get_waiter("function_updated_v2").wait(FunctionName=FUNCTION)
print(call(url + "?name=Ada&wait=1"))
print(call(url + "?name=Ada&wait=5"))
