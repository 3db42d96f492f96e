parts["queue"] = """
  Failures:
    Type: AWS::SQS::Queue
    Properties: {MessageRetentionPeriod: 2592000}
"""
lab.faults.clear()
bad_minute = {
    "error": "InternalError",
    "status": 500,
    "message": "SQS has a bad minute.",
    "until": lab.now() + 60,
}
lab.faults.add(service="sqs", operation="CreateQueue", **bad_minute)
deploy()
time.sleep(60)
deploy()
print(get("/prices/tea"))
del parts["queue"]
parts["function"] = parts["function"].replace("Handler:", "Timeout: 5\n      Handler:")
deploy()
