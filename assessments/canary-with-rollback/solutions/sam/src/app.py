"""What does this basket cost?"""

import json

import pricing


def handler(event, context):
    print(json.dumps({"version": context.function_version, "release": pricing.RELEASE, "requestId": context.aws_request_id}))
    return {"cents": pricing.quote(event["items"], event.get("coupon")), "release": pricing.RELEASE}
