bus_arn = open_bus()
pattern = {
    "source": [{"prefix": "shop."}],
    "detail-type": ["OrderPlaced"],
    "detail": {
        "cents": [{"numeric": [">=", 10_000]}],
        "country": [{"anything-but": ["CH"]}],
        "test": [{"exists": False}, False],
    },
}
billing_rule_arn = route(BILLING_RULE, pattern)
billing_arn = open_queue(BILLING, billing_rule_arn)
aim(BILLING_RULE, billing_arn)
got(BILLING)  # empty it: this cell may have run before
place("A-1")
place("A-2", cents=10_000, source="shop.app")
place("A-3", cents=9_999)
place("A-4", country="CH")
place("A-5", test=False)
time.sleep(5)
print([body["detail"]["order"] for body in bodies(BILLING)])
lab.story("event", last=5)
