parts["queue"] = """
  Failures:
    Type: AWS::SQS::Queue
    Properties: {MessageRetentionPeriod: 2592000}
"""
deploy()
print(get("/prices/tea"))
