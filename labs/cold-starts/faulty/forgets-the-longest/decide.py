deploy(
    """
import json
import os

PRICES = json.loads(os.environ["PRICES"])
HOURS = 730  # an average month


def handler(load, context):
    request = (
        PRICES["request"] + load["seconds"] * load["memory_mb"] / 1024 * PRICES["gb_s"]
    )
    month = load["average_per_second"] * HOURS * 3600 * request
    containers = load["tasks"] * HOURS * (0.5 * PRICES["vcpu_h"] + PRICES["gb_h"])
    fits = load["longest_s"] <= 900
    home = "lambda" if month < containers else "containers"
    return {"home": home, "crossing_per_second": containers / (HOURS * 3600 * request)}
""",
    ADVISOR,
)
shop = {"seconds": 0.02, "memory_mb": 512, "longest_s": 0.4, "tasks": 2}
print("hotel: ", call(ADVISOR, **shop, average_per_second=3, peak_per_second=80))
print("chain: ", call(ADVISOR, **shop, average_per_second=70, peak_per_second=80))
report = {"seconds": 1500, "memory_mb": 2048, "longest_s": 1800, "tasks": 1}
print("report:", call(ADVISOR, **report, average_per_second=0.0001, peak_per_second=0.0001))
