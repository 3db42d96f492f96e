shipping_arn = deploy(SHIPS)
rule_arn = route(SHIPPING_RULE, {"detail-type": ["OrderPlaced"]})
letters_arn = open_queue(LETTERS, rule_arn)
aim(SHIPPING_RULE, shipping_arn)
try:
    lambda_.add_permission(
        FunctionName=SHIPPING,
        StatementId="the-rule",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=rule_arn,
    )
except lambda_.exceptions.ResourceConflictException:
    pass
place("B-1")
time.sleep(10)
print("parcels:", parcels())
print("letters:", letters())
lab.story("event", "drop", "dead letter", last=3)
