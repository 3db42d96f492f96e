pieces["handler"] = """
PASSING = {
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "InternalServerError",
    "ServiceUnavailable",
}


def handler(event, context):
    try:
        return ROUTES[event["routeKey"]](event)
    except Wrong as wrong:
        return answer(400, {"message": str(wrong)})
    except ClientError as error:
        print(f"trouble that passes: {error}")
        return answer(503, {"message": "try again in a moment"}, **{"retry-after": "2"})
"""
deploy()
lab.faults.clear()
busy = {"error": "ProvisionedThroughputExceededException", "status": 400}
lab.faults.add(service="dynamodb", caller=f"*{ROLE}*", until=lab.now() + 10, **busy)
print(call("POST", "/parts", {"id": "spring", "name": "a spring", "cents": 30}))
time.sleep(10)
print(call("POST", "/parts", {"id": "spring", "name": "a spring", "cents": 30}))
lab.faults.clear()
lab.story("fault", last=5)
