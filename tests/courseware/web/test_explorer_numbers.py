"""The numbers of the explorers against a second calculation, in Python and from the same facts."""

from __future__ import annotations

import heapq
import math
from itertools import product

import pytest

from sandbox.rollout.pace import NAMED
from tests.courseware.web.models import answers, number, result

MONTH_S = 365 * 24 * 3600 / 12


# -- memory and price


@pytest.mark.parametrize("architecture", ["x86_64", "arm64"])
@pytest.mark.parametrize(("compute_ms", "wait_ms", "parallel"), [(1200, 150, 1), (20, 400, 1), (1200, 150, 4), (1, 0, 6)])
def test_each_setting_takes_and_costs_what_the_page_computes(architecture, compute_ms, wait_ms, parallel):
    found = result("memory-price", compute_ms=compute_ms, wait_ms=wait_ms, parallel=parallel, architecture=architecture)
    gb_s = number("price_arm64_gb_s_usd" if architecture == "arm64" else "price_x86_gb_s_usd")
    assert [found["rows"][at]["memory_mb"] for at in (0, -1)] == [128, 10_240]
    for row in found["rows"]:
        vcpus = min(row["memory_mb"] / 1769, parallel)
        duration_ms = compute_ms / vcpus + wait_ms
        cost = 1e6 * (number("price_request_usd") + row["memory_mb"] / 1024 * math.ceil(round(duration_ms, 6)) / 1000 * gb_s)
        assert row["duration_ms"] == pytest.approx(duration_ms)
        assert row["million_usd"] == pytest.approx(cost)
    assert found["cheapest"]["million_usd"] == min(row["million_usd"] for row in found["rows"])
    assert found["fastest"]["duration_ms"] == min(row["duration_ms"] for row in found["rows"])


def test_nothing_is_chosen_when_nothing_is_fast_enough():
    assert result("memory-price", wait_ms=500, target_ms=400)["choice"] is None


# -- cold starts


def _minute(quiet, busy, ramp, duration_ms, init_ms, provisioned, limit):
    """Evenly spaced requests over a minute; environments as a heap of the moments at which they are free again."""
    free = [0] * min(provisioned, limit)
    made, cold, throttled, requests = len(free), 0, 0, 0
    gathered, tokens, last = 0.0, 1000.0, 0
    for tick in range(60_000):
        at = tick * 0.001
        rps = quiet if at < 20 else busy if at >= 20 + ramp else quiet + (busy - quiet) * (at - 20) / ramp
        gathered += rps * 0.001
        while gathered >= 1 - 1e-9:
            gathered -= 1
            requests += 1
            tokens, last = min(1000.0, tokens + (tick - last) * 0.1), tick
            if free and free[0] <= tick:
                heapq.heapreplace(free, tick + duration_ms)
            elif made < limit and tokens >= 1:
                made, cold, tokens = made + 1, cold + 1, tokens - 1
                heapq.heappush(free, tick + duration_ms + init_ms)
            else:
                throttled += 1
    return {"requests": requests, "cold": cold, "throttled": throttled, "environments": made}


@pytest.mark.parametrize(
    ("quiet", "busy", "ramp", "duration_ms", "init_ms", "provisioned", "limit"),
    [
        (5, 50, 0, 200, 600, 0, 1000),
        (5, 50, 30, 200, 600, 0, 1000),
        (5, 50, 0, 200, 600, 20, 1000),
        (2, 40, 5, 500, 2000, 3, 12),  # too few are allowed
        (100, 1500, 0, 1000, 1000, 0, 10_000),  # faster than environments may be added
    ],
)
def test_a_minute_of_even_requests_is_what_a_heap_of_environments_says(
    quiet, busy, ramp, duration_ms, init_ms, provisioned, limit
):
    found = result(
        "cold-starts",
        quiet_rps=quiet,
        busy_rps=busy,
        ramp_s=ramp,
        duration_ms=duration_ms,
        init_ms=init_ms,
        provisioned=provisioned,
        limit=limit,
        arrivals="even",
    )
    wanted = _minute(quiet, busy, ramp, duration_ms, init_ms, provisioned, limit)
    assert {key: found[key] for key in wanted} == wanted


def test_in_a_steady_load_little_s_law_holds():
    found = result("cold-starts", quiet_rps=100, busy_rps=100, duration_ms=250, init_ms=0, arrivals="even")
    assert found["most"] == 25
    assert found["cold"] == 25


def test_ten_requests_a_second_for_each_unit_of_concurrency_are_the_most():
    found = result("cold-starts", quiet_rps=200, busy_rps=200, duration_ms=10, init_ms=0, limit=10, arrivals="even")
    assert found["throttled"] == 60 * (200 - 10 * 10)


def test_random_requests_are_the_same_each_time_and_about_as_many_as_the_rate_says():
    first, again = result("cold-starts", busy_rps=500), result("cold-starts", busy_rps=500)
    assert first == again
    assert first["requests"] == pytest.approx(5 * 20 + 500 * 40, abs=4 * math.sqrt(20_100))


# -- provisioned concurrency


def _erlang_b(servers, busy):
    terms = [busy**k / math.factorial(k) for k in range(servers + 1)]
    return terms[-1] / sum(terms)


@pytest.mark.parametrize("arm", [False, True])
def test_provisioned_concurrency_costs_what_is_kept_and_what_runs_and_the_rest_spills_over_as_erlang_says(arm):
    name = "arm64" if arm else "x86"
    found = result("provisioned", provisioned=12, kept="always", busy_hours=8, architecture="arm64" if arm else "x86_64")
    total, spilled = 0.0, 0.0
    for hours, rps in ((8, 40), (16, 2)):
        seconds = MONTH_S * hours / 24
        over = _erlang_b(12, rps * 0.2)
        gb_s = rps * seconds * 0.2
        total += rps * seconds * number("price_request_usd") + 12 * seconds * number(f"price_provisioned_{name}_gb_s_usd")
        total += gb_s * (1 - over) * number(f"price_provisioned_run_{name}_gb_s_usd") + gb_s * over * number(
            f"price_{name}_gb_s_usd"
        )
        spilled += rps * seconds * over
    assert found["usd"] == pytest.approx(total)
    assert found["spilled"] == pytest.approx(spilled)


def test_the_break_even_is_the_fact():
    """P-09: 60 % utilisation."""
    assert result("provisioned")["break_even"] == pytest.approx(0.60, abs=0.001)


def test_always_busy_environments_are_cheaper_and_idle_ones_are_not():
    busy = result("provisioned", provisioned=10, kept="always", busy_hours=24, busy_rps=100, duration_ms=200)
    idle = result("provisioned", provisioned=10, kept="always", busy_hours=24, busy_rps=1, duration_ms=200)
    assert busy["utilisation"] > 0.6 > idle["utilisation"]
    assert busy["usd"] < busy["demand_usd"]
    assert idle["usd"] > idle["demand_usd"]


# -- break-even


def _lambda_month(rps, seconds, gb):
    return rps * MONTH_S * (number("price_request_usd") + seconds * gb * number("price_x86_gb_s_usd"))


def test_the_crossing_with_two_tasks_is_the_one_the_page_computes():
    task = 730 * (0.5 * number("price_fargate_vcpu_h_usd") + number("price_fargate_gb_h_usd"))
    found = result("break-even", rps=10, peak=1)
    assert found["fargate"] == pytest.approx(2 * task)
    assert found["lambda"] == pytest.approx(_lambda_month(10, 0.05, 0.5))
    assert found["fargate_from"] == pytest.approx(2 * task / _lambda_month(1, 0.05, 0.5))


def test_machines_are_bought_for_the_peak():
    found = result("break-even", rps=100, peak=4, task_rps=50, instance_rps=150)
    assert (found["tasks"], found["instances"]) == (8, 3)
    assert found["ec2"] == pytest.approx(3 * 730 * number("price_ec2_t3_medium_h_usd"))


def test_lambda_is_always_cheaper_where_machines_carry_too_little():
    assert result("break-even", duration_ms=5, memory_mb=128, task_rps=1, peak=10)["fargate_from"] is None


def test_at_the_crossing_both_cost_the_same_with_the_free_tier_too():
    found = result("break-even", free_tier="yes", peak=1)
    requests = found["fargate_from"] * MONTH_S
    cost = (requests - 1_000_000) * number("price_request_usd") + (requests * 0.05 * 0.5 - 400_000) * number("price_x86_gb_s_usd")
    assert cost == pytest.approx(found["fargate"], rel=1e-6)


# -- canary

PACES = {f"canary-{m}": f"Canary10Percent{m}Minutes" for m in (5, 10, 15, 30)}
PACES |= {f"linear-{m}": f"Linear10PercentEvery{m}Minute{'s' if m > 1 else ''}" for m in (1, 2, 3, 10)}


@pytest.mark.parametrize("pace", PACES)
def test_traffic_moves_as_the_account_moves_it(pace):
    named = NAMED[f"CodeDeployDefault.Lambda{PACES[pace]}"]
    shares = [row["share"] * 100 for row in result("canary", pace=pace)["rows"]]
    assert shares == pytest.approx([share for share in named.shares()[:-1] for _ in range(named.minutes)])


def _breach(mean, threshold):
    return 1 - sum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(threshold + 1))


def _caught(shares, values, new_pct):
    """Over all ways in which minutes may breach or not: how likely the alarm rings in time, and how many requests are exposed."""
    per_minute = values["rps"] * 60
    breach = [_breach(per_minute * (s * new_pct + (1 - s) * values["old_pct"]) / 100, values["threshold"]) for s in shares]
    caught = exposed = 0.0
    for pattern in product((True, False), repeat=len(shares)):
        chance = math.prod(p if hit else 1 - p for p, hit in zip(breach, pattern, strict=True))
        ends = (at for at in range(len(shares)) if at + 1 >= 2 and all(pattern[at - 1 : at + 1]))
        undone = next(ends, 10**6) + 1 + values["delay_min"]  # the first minute without the new version
        caught += chance * (undone <= len(shares))
        exposed += chance * sum(per_minute * share for at, share in enumerate(shares) if at < undone)
    return caught, exposed


@pytest.mark.parametrize(("pace", "shares"), [("canary-10", [0.1] * 10), ("linear-1", [k / 10 for k in range(1, 10)])])
@pytest.mark.parametrize("delay_min", [0, 2])
def test_the_probability_of_the_alarm_is_that_of_all_ways_taken_together(pace, shares, delay_min):
    values = {"rps": 10, "old_pct": 0.2, "threshold": 3, "datapoints": 2, "delay_min": delay_min}
    found = result("canary", pace=pace, new_pct=3, **values)
    caught, exposed = _caught(shares, values, 3)
    assert found["caught"] == pytest.approx(caught)
    assert found["exposed"] == pytest.approx(exposed)
    assert found["failed"] == pytest.approx(exposed * 0.028)
    assert found["false_alarm"] == pytest.approx(_caught(shares, values, 0.2)[0])


def test_all_at_once_is_not_watched():
    answer = answers(("canary", {"pace": "all"}))[0]
    assert answer["result"]["caught"] == 0
    assert "Nothing is watched" in answer["sentence"]


# -- queues


def test_a_backlog_is_worked_off_second_by_second():
    found = result("sqs-scaling", backlog=100_000, arrive_rps=100, batch=10, batch_ms=1000, fail_pct=0)
    left, at = 100_000.0, 0
    while left > 0:
        left, at = max(0.0, left + 100 - 10 * min(5 + 300 * (at // 60), 1000)), at + 1
    assert found["drained_s"] == at


def test_what_always_fails_ends_in_the_dead_letter_queue_and_what_fails_half_the_time_mostly_does_not():
    always = result("sqs-scaling", fail_pct=100, max_receives=4, visibility_s=90)
    assert (always["dead_share"], always["receives"], always["given_up_s"]) == (1, 4, 360)
    half = result("sqs-scaling", fail_pct=50, max_receives=3)
    assert half["dead_share"] == pytest.approx(1 / 8)
    assert half["receives"] == pytest.approx(1 + 1 / 2 + 1 / 4)


@pytest.mark.parametrize(("visibility_s", "verdict"), [(29, "refused"), (30, "short"), (184, "short"), (185, "fits")])
def test_the_visibility_timeout_is_judged_as_aws_advises(visibility_s, verdict):
    """S-08: six function timeouts and the window."""
    assert result("sqs-scaling", timeout_s=30, window_s=5, visibility_s=visibility_s)["verdict"] == verdict


# -- retries


def test_a_rule_tries_185_times_or_for_a_day():
    day = result("retries", outage_min=6000)["lanes"]["target"]
    assert len(day["attempts"]) <= 186
    assert day["ends_s"] <= 86_400
    assert day["fate"] == "kept"
    assert len(result("retries", outage_min=6000, target_retries=3)["lanes"]["target"]["attempts"]) == 4


def test_a_stream_goes_on_until_its_records_expire():
    lane = result("retries", outage_min=6000)["lanes"]["stream"]
    assert (lane["fate"], lane["ends_s"]) == ("expired", 86_400)
    assert result("retries", outage_min=60)["lanes"]["stream"]["fate"] == "done"


def test_the_caller_of_a_synchronous_call_is_told_at_once():
    assert result("retries")["lanes"]["sync"] == {"attempts": [0], "fate": "caller", "ends_s": 0}
