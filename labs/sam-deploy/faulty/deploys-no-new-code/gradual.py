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
      AutoPublishAlias: live
      DeploymentPreference: {Type: Canary10Percent5Minutes}
      Events:
        Read: {Type: HttpApi, Properties: {Method: GET, Path: "/prices/{item}"}}
""".replace("CODE", package(PRICES))
deploy()
NAMED = PRICES.replace(
    '"cents": int(found["cents"]["N"])',
    '"cents": int(found["cents"]["N"]), "currency": "EUR"',
)
begin()
time.sleep(60)
print([get("/prices/tea")[1] for _ in range(20)])
ended()
print(get("/prices/tea"))
