parts["head"] = """
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, Default: dev}
"""
parts["function"] = """
  Prices:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: price-shop-prices
      Runtime: python3.14
      Handler: app.handler
      MemorySize: 128
      CodeUri: CODE
      Environment: {Variables: {STAGE: !Ref Stage}}
      Events:
        Read: {Type: HttpApi, Properties: {Method: GET, Path: "/prices/{item}"}}
""".replace("CODE", package(PRICES))
for stage in ("dev", "prod"):
    parameters["Stage"] = stage
    deploy()
