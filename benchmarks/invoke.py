"""``./course bench invoke``: what the account adds to an Invoke, against a constant HTTP server (the floor).

One run measures both, sample by sample in turn, so that whatever else the machine does hits both. IAM, logs and metrics are on.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from _measured import client, role, rss_mb, started, tree_mb, zipped

PLAIN = "def handler(event, context):\n    return {'ok': True}\n"
WITH_BOTO3 = "import boto3\ns3 = boto3.client('s3')\n\ndef handler(event, context):\n    return {'ok': True}\n"
CALLERS = 8

Invoke = Callable[[], object]


def progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _pause(seconds: float) -> None:
    threading.Event().wait(seconds)


def invoker(lambda_client: Any, name: str) -> Invoke:
    def invoke() -> None:
        answer = lambda_client.invoke(FunctionName=name, Payload=b"{}")
        if answer["Payload"].read() != b'{"ok": true}' or "FunctionError" in answer:
            raise SystemExit("the function did not answer as it should")

    return invoke


def timed_ms(call: Invoke) -> float:
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000


def in_turn(first: Invoke, second: Invoke, samples: int) -> tuple[list[float], list[float]]:
    ones, others = [], []
    for number in range(samples):
        pair = ((first, ones), (second, others))
        for call, into in pair if number % 2 else reversed(pair):
            into.append(timed_ms(call))
    return ones, others


def per_second(calls: list[Invoke], seconds: float) -> float:
    """Invocations a second of several callers at once, each with a client of its own."""
    done = [0] * len(calls)
    start = threading.Barrier(len(calls) + 1)
    until = [0.0]

    def run(index: int) -> None:
        start.wait()
        while time.perf_counter() < until[0]:
            calls[index]()
            done[index] += 1

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    begun = time.perf_counter()
    until[0] = begun + seconds
    start.wait()
    for thread in threads:
        thread.join()
    return sum(done) / (time.perf_counter() - begun)


def cold_ms(lambda_client: Any, name: str, role_arn: str, source: str, samples: int) -> float:
    """Median of first invokes after a change of configuration; the fork server runs since the function exists."""
    lambda_client.create_function(
        FunctionName=name, Runtime="python3.13", Role=role_arn, Handler="app.handler", Code={"ZipFile": zipped(source)}
    )
    call = invoker(lambda_client, name)
    call()
    found = []
    for number in range(samples):
        lambda_client.update_function_configuration(FunctionName=name, Description=str(number))
        _pause(0.05)  # the environment that was retired is gone by then
        found.append(timed_ms(call))
    return statistics.median(found)


def measure(samples: int, seconds: float) -> dict[str, float]:
    progress("starting the floor and the account")
    with started("_constant_server.py") as (floor, _, _), started("_account_process.py") as (account, pid, start_s):
        _pause(1.0)
        result: dict[str, float] = {"start_s": start_s, "idle_mb": tree_mb(pid), "idle_rss_mb": rss_mb(pid)}
        role_arn = role(account)
        admin = client("lambda", account)
        progress("cold starts")
        result["cold_ms"] = cold_ms(admin, "plain", role_arn, PLAIN, max(10, samples // 50))
        result["cold_boto3_ms"] = cold_ms(admin, "with-boto3", role_arn, WITH_BOTO3, max(10, samples // 50))
        progress(f"{samples} warm invokes of each, in turn")
        low, own = invoker(client("lambda", floor), "plain"), invoker(client("lambda", account), "plain")
        in_turn(low, own, 100)
        floors, warms = in_turn(low, own, samples)
        result["floor_ms"], result["warm_ms"] = statistics.median(floors), statistics.median(warms)
        result["warm_ratio"] = result["warm_ms"] / result["floor_ms"]
        result["p99_ms"] = statistics.quantiles(warms, n=100)[98]
        result["floor_p99_ms"] = statistics.quantiles(floors, n=100)[98]
        progress(f"{CALLERS} callers at once")
        lows = [invoker(client("lambda", floor), "plain") for _ in range(CALLERS)]
        owns = [invoker(client("lambda", account), "plain") for _ in range(CALLERS)]
        per_second(owns, 0.5)
        per_second(lows, 0.5)
        floor_rates, rates = [], []
        for _ in range(3):
            floor_rates.append(per_second(lows, seconds))
            rates.append(per_second(owns, seconds))
        result["floor_per_s"], result["per_s"] = statistics.median(floor_rates), statistics.median(rates)
        result["throughput_ratio"] = result["per_s"] / result["floor_per_s"]
        result["used_mb"] = tree_mb(pid)
    return {key: round(value, 3) for key, value in result.items()}


AIMS = {
    "warm_ratio": "<= 1.3",
    "throughput_ratio": ">= 0.85",
    "cold_ms": "<= 40",
    "cold_boto3_ms": "<= 80",
    "start_s": "<= 1",
    "idle_mb": "<= 110",
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Invoke latency and throughput, cold starts, start-up and memory of an account")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else on standard output")
    parser.add_argument("--samples", type=int, default=1500, metavar="N", help="warm invokes of each side (default 1500)")
    parser.add_argument("--seconds", type=float, default=2.0, metavar="S", help="length of a throughput round (default 2)")
    args = parser.parse_args()
    result = measure(args.samples, args.seconds)
    if args.json:
        print(json.dumps(result))
        return
    for key, value in result.items():
        aim = AIMS.get(key, "")
        print(f"{key:18} {value:10.3f}  {'aim ' + aim if aim else ''}")


if __name__ == "__main__":
    main()
