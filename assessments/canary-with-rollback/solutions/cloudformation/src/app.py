"""What does this basket cost?"""

import logging

import pricing

log = logging.getLogger()
log.setLevel("INFO")


def quote(event, context):
    log.info("a quote", extra={"version": context.function_version, "release": pricing.RELEASE})
    cents = pricing.quote(event["items"], event.get("coupon"))
    return {"cents": cents, "release": pricing.RELEASE}
