PRICES = """
import json
import os

import boto3

table = boto3.client("dynamodb")


def handler(event, context):
    key = {"item": {"S": event["pathParameters"]["item"]}}
    found = table.get_item(TableName=os.environ["TABLE"], Key=key).get("Item")
    if found is None:
        return {"statusCode": 404, "body": json.dumps({"message": "no such item"})}
    return {"statusCode": 200, "body": json.dumps({"cents": int(found["cents"]["N"])})}
"""
parts["table"] = """
  Table:
    Type: AWS::Serverless::SimpleTable
    Properties: {PrimaryKey: {Name: item, Type: String}}
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
      Environment: {Variables: {STAGE: !Ref Stage, TABLE: !Ref Table}}
      Policies: [DynamoDBReadPolicy: {TableName: !Ref Table}]
      Events:
        Read: {Type: HttpApi, Properties: {Method: GET, Path: "/prices/{item}"}}
""".replace("CODE", package(PRICES))
deploy()

table = cloudformation.describe_stack_resource(
    StackName=STACK, LogicalResourceId="Table"
)["StackResourceDetail"]
for item, cents in {"tea": 300, "coffee": 400}.items():
    dynamodb.put_item(
        TableName=table["PhysicalResourceId"],
        Item={"item": {"S": item}, "cents": {"N": str(cents)}},
    )
print(get("/prices/tea"), get("/prices/milk"))
