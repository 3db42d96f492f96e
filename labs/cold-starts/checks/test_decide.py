"""The advisor compares bills by the average load, and knows what no function can do."""

import json

from autograder.checks.expect import expect
from sandbox import facts

HOURS = 730
WEB = {"seconds": 0.05, "memory_mb": 512, "longest_s": 1.5, "tasks": 2}


def _ask(aws, lab, **load):
    answer = aws("lambda").invoke(FunctionName=lab.name("advisor"), Payload=json.dumps(load))
    said = json.loads(answer["Payload"].read())
    wanted = isinstance(said, dict) and {"home", "crossing_per_second"} <= said.keys()
    expect(wanted, f"The advisor answers with home and crossing_per_second; it says: {said}")
    return said


def _crossing(load):
    """By the facts file: the average load at which both cost the same."""
    usd = facts.limits()
    task = 0.5 * usd["price_fargate_vcpu_h_usd"].value + usd["price_fargate_gb_h_usd"].value
    tasks = load["tasks"] * HOURS * task
    gb_s = load["seconds"] * load["memory_mb"] / 1024
    request = usd["price_request_usd"].value + gb_s * usd["price_x86_gb_s_usd"].value
    return tasks / (HOURS * 3600 * request)


def test_the_crossing_is_where_both_bills_are_the_same(aws, lab):
    for load in (WEB, {**WEB, "seconds": 0.4, "memory_mb": 2048, "tasks": 4}):
        said, right = _ask(aws, lab, **load, average_per_second=1, peak_per_second=1)["crossing_per_second"], _crossing(load)
        expect(
            abs(said / right - 1) < 0.005,
            f"For {load} the bills are the same at {right:.2f} requests a second, and the advisor says {said:.2f}.",
        )


def test_the_answer_follows_the_average(aws, lab):
    right = _crossing(WEB)
    for average, peak, home in ((right * 0.1, right * 5, "lambda"), (right * 1.5, right * 1.6, "containers")):
        said = _ask(aws, lab, **WEB, average_per_second=average, peak_per_second=peak)["home"]
        expect(
            said == home, f"{average:.1f} requests a second on average, {peak:.0f} at most: {home}, and the advisor says {said}."
        )


def test_what_takes_too_long_is_not_for_a_function(aws, lab):
    for longest, home in ((899, "lambda"), (1800, "containers")):
        load = {**WEB, "longest_s": longest}
        said = _ask(aws, lab, **load, average_per_second=0.001, peak_per_second=1)["home"]
        expect(said == home, f"Work of up to {longest} s, and little of it: {home}, and the advisor says {said}.")
