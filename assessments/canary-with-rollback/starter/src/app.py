"""What does this basket cost?"""

import pricing


def handler(event, context):
    return {"cents": pricing.quote(event["items"], event.get("coupon"))}
