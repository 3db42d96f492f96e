parts["queue"] = """
  Failures:
    Type: AWS::SQS::Queue
    Properties: {MessageRetentionPeriod: 2592000}
"""
deploy()
print(get("/prices/tea"))
del parts["queue"]
parts["function"] = parts["function"].replace("Handler:", "Timeout: 5\n      Handler:")
deploy()
