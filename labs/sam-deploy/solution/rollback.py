if "alarm" in parts:
    time.sleep(180)  # not the first try: an alarm that rings still would stop the repair
parts["alarm"] = """
  Errors:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/Lambda
      MetricName: Errors
      Dimensions:
        - {Name: FunctionName, Value: price-shop-prices}
        - {Name: Resource, Value: price-shop-prices:live}
      Statistic: Sum
      Period: 60
      EvaluationPeriods: 1
      Threshold: 1
      ComparisonOperator: GreaterThanOrEqualToThreshold
      TreatMissingData: notBreaching
"""
watched = "{Type: Canary10Percent5Minutes, Alarms: [!Ref Errors]}"
parts["function"] = re.sub("{Type: Canary10.*}", watched, parts["function"])
deploy()
good = parts["function"]
BUG = NAMED.replace('found["cents"]["N"]', 'found["amount"]["N"]')
parts["function"] = good.replace(package(NAMED), package(BUG))
begin()
for _ in range(8):
    answers = [get("/prices/tea")[0] for _ in range(30)]
    print({code: answers.count(code) for code in sorted(set(answers))})
    time.sleep(60)
ended()
parts["function"] = good  # the template must say what runs
