"""Two environments are ready at the alias, and were paid for by day only."""

from autograder.checks.expect import expect

DAY_S = 86_400
KEPT_H_MAX = 9


def _cold_starts(aws, lab, since_ms):
    pages = (
        aws("logs")
        .get_paginator("filter_log_events")
        .paginate(logGroupName=f"/aws/lambda/{lab.name('function')}", startTime=since_ms)
    )
    lines = [event["message"] for page in pages for event in page["events"]]
    return sum(1 for line in lines if line.startswith("REPORT") and "Init Duration" in line)


def test_two_guests_at_once_meet_environments_that_are_ready(aws, lab, session):
    client, function, alias = aws("lambda"), lab.name("function"), lab.name("alias")
    configs = client.list_provisioned_concurrency_configs(FunctionName=function)["ProvisionedConcurrencyConfigs"]
    own = [row for row in configs if row["FunctionArn"].endswith(f":{alias}")]
    expect(own, f"Nothing is kept ready at the alias {alias} now: its callers ask there.")
    expect(own[0]["Status"] == "READY", f"The environments of {alias} are {own[0]['Status']}: wait until they are READY.")
    since_ms = int(session.now() * 1000)
    with session.broken(kind="invocation", resource=f"*:function:{function}*", latency_s=5):
        for _ in range(2):
            client.invoke(FunctionName=function, Qualifier=alias, InvocationType="Event", Payload=b'{"room": "single"}')
        session.wait(15)
    cold = _cold_starts(aws, lab, since_ms)
    expect(cold == 0, f"Two guests asked at once, and {cold} of them waited for a cold start.")
    allocated = own[0]["AllocatedProvisionedConcurrentExecutions"]
    expect(allocated == 2, f"{allocated} environments are kept for two guests: the others are money for nothing.")


def test_nothing_was_kept_at_night(lab, session):
    changes = []
    for operation in ("PutProvisionedConcurrencyConfig", "DeleteProvisionedConcurrencyConfig"):
        calls = session.control.calls(operation=operation, arn=lab.name("function"), limit=10_000)
        changes += [(call["at_ms"] / 1000, operation.startswith("Put")) for call in calls if call["status"] < 300]
    now, kept_s, since = session.now(), 0.0, None
    for at, put in [*sorted(changes), (now, False)]:
        if since is not None:
            kept_s += max(0.0, at - max(since, now - DAY_S))
        since = at if put else None
    first = min((at for at, put in changes if put), default=now)
    expect(now - first >= DAY_S, "The account's clock has not yet run through one day since the environments were first made.")
    expect(
        kept_s <= KEPT_H_MAX * 3600,
        f"Of the last {DAY_S // 3600} hours the environments were kept, and paid for, {kept_s / 3600:.1f}: at night nobody asks.",
    )
