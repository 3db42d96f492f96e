aim(
    BILLING_RULE,
    billing_arn,
    InputTransformer={
        "InputPathsMap": {
            "order": "$.detail.order",
            "cents": "$.detail.cents",
            "country": "$.detail.country",
        },
        "InputTemplate": (
            '{"order": <order>, "cents": <cents>, '
            '"note": <order> from <country>}'
        ),
    },
)
place("A-6", customer="ada@example.com")
time.sleep(5)
print(bodies(BILLING))
