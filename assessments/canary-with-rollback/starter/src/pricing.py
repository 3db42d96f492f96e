"""The pricing rules of this release. The next release brings its own file; leave this one as it is."""

RELEASE = "first"
PRICES = {"tea": 450, "coffee": 620, "cake": 380, "probe": 100}
COUPONS = {"SPRING": 90}


def quote(items, coupon=None):
    """What the basket costs, in cents. Raises for an article or a coupon that is not known."""
    total = sum(PRICES[item["sku"]] * item["quantity"] for item in items)
    return total * (COUPONS[coupon] if coupon else 100) // 100
