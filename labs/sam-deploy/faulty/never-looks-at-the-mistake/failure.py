parts["queue"] = """
  Failures:
    Type: AWS::SQS::Queue
    Properties: {MessageRetentionPeriod: 1209600}
"""
deploy()
print(get("/prices/tea"))
parts["queue"] = parts["queue"].replace("2592000", "1209600")
deploy()
