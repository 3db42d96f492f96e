PRICES = """
import json

PRICES = {"tea": 300, "coffee": 400}


def handler(event, context):
    cents = PRICES.get(event["pathParameters"]["item"])
    if cents is None:
        return {"statusCode": 404, "body": json.dumps({"message": "no such item"})}
    return {"statusCode": 200, "body": json.dumps({"cents": cents})}
"""
parts["head"] = """
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
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
      Events:
        Read: {Type: HttpApi, Properties: {Method: GET, Path: "/prices/{item}"}}
""".replace("CODE", package(PRICES))
deploy()
print(get("/prices/tea"))
