"""Nothing is lost, nothing is counted twice."""

from collections import Counter

from autograder.checks.expect import Tally, expect
from autograder.checks.marks import points


@points(9, "error-handling", hint="Put the order only if it is new, and count it in the same transaction.", topic="m1-t5")
def test_duplicates(evidence):
    orders, customers = evidence.facts.get("orderId", {}), evidence.facts.get("customer", {})
    with Tally() as tally:
        seen = sums(customers, "delivered-twice")
        tally.expect(
            seen == (1, 600), f"SQS delivered one order of 600 twice; its customer has [orders, spent] {list(seen)}.", weight=2
        )
        seen = sums(customers, "sent-again")
        said = "An order of 500 was sent again, at once and later, also with another sum; its customer has [orders, spent] "
        tally.expect(seen == (1, 500), f"{said}{list(seen)}.", weight=2)
        kept = orders.get("twice-2", {})
        said = "An order was sent again with another sum; what came first is not what is stored."
        tally.expect(500 in kept.values(), said)
        failed = evidence.during("twice", evidence.failures)
        said = "An order came twice, and a message of it came to the dead-letter queue."
        tally.expect(kept and not failed, said)


@points(9, "error-handling", hint="Report what failed, let the queue's redrive policy move it after its attempts.", topic="m2-t8")
def test_broken_orders(evidence, variant):
    wanted = Counter(evidence.notes.get("bad", ()))
    expect(wanted, "No order could be sent.")
    found = Counter(message.body for message in evidence.during("bad", evidence.failures))
    with Tally() as tally:
        missing = (wanted - found).total()
        said = f"{wanted.total()} broken orders were sent; {missing} of them are not in the dead-letter queue half an hour later."
        tally.expect(not missing, said, weight=2)
        orders = evidence.facts.get("orderId", {})
        extra = [name for name in orders if name.startswith("bad-") or not name] or "bad" in evidence.facts.get("customer", {})
        tally.expect(orders and not extra, "Something was stored or counted of a broken order, or nothing of any.", weight=2)
        tried, attempts = evidence.notes.get("attempts"), variant["attempts"]
        said = f"A broken order came alone; the worker was invoked {tried} times, {attempts} attempts were asked for."
        tally.expect(tried == attempts, said)


@points(8, "error-handling", hint="ReportBatchItemFailures, with the ids of those that failed and no others.", topic="m2-t2")
def test_neighbours(evidence):
    orders = evidence.facts.get("orderId", {})
    failed = [message.body for message in evidence.during("bad", evidence.failures)]
    with Tally() as tally:
        for name in ("beside-0", "beside-1", "beside-2"):
            kept = any(name in body for body in failed)
            tally.expect(
                name in orders and not kept,
                "A sound order came in one batch with broken ones; it was not stored, or came to the dead-letter queue.",
            )


@points(7, "error-handling", hint="Whatever is not known to be a duplicate is worth another attempt.", topic="m2-t8")
def test_transient(evidence):
    with Tally() as tally:
        for place, table in enumerate(("order", "customer"), 1):
            name = f"transient-{place}"
            stored = name in evidence.facts.get("orderId", {})
            seen = sums(evidence.facts.get("customer", {}), name)
            said = f"A write to the {table} table failed once with an error that passes; twenty minutes later the order was "
            said += (
                f"{'stored' if stored else 'not stored'}, and [orders, spent] of its customer were {list(seen)}, not [1, 600]."
            )
            tally.expect(stored and seen == (1, 600), said)


@points(7, "error-handling", hint="An order that failed must leave nothing behind that makes it look done.", topic="m1-t5")
def test_redriven(evidence):
    dead, seen = evidence.notes.get("dead"), sums(evidence.facts.get("customer", {}), "permanent")
    stored = [name for name in ("permanent-0", "permanent-1") if name in evidence.facts.get("orderId", {})]
    with Tally() as tally:
        said = f"The tables refused every call for half an hour, and two orders came; {dead or 0} were in the dead-letter queue."
        tally.expect(dead == 2, said)
        said = f"The cause was mended and the dead-letter queue redriven; {len(stored)} of 2 orders were stored, and "
        said += f"[orders, spent] of their customer are {list(seen)}, not [2, 1400]."
        tally.expect(len(stored) == 2 and seen == (2, 1400), said)


def sums(customers, name):
    found = customers.get(name, {})
    return found.get("orders", 0), found.get("spent", 0)
