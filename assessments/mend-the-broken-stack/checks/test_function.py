"""Every order takes its way again."""

from autograder.checks.expect import Tally, expect
from autograder.checks.marks import points
from autograder.probes.log_records import document
from autograder.probes.monitoring import embedded_metrics


@points(
    8,
    "function",
    hint="No line in the function's log means that it was not called: read the API's own log, then the function's policy.",
    topic="m3-t4",
)
def test_look_up(evidence):
    known, unknown = evidence.notes.get("known"), evidence.notes.get("unknown")
    expect(known is not None, "The API could not be called.")
    expect(known.status == 200, f"An order was placed and looked up by its number; the API answered {known.status}, not 200.")
    seen = known.body.get("status") if isinstance(known.body, dict) else None
    with Tally() as tally:
        tally.expect(seen == "open", f"An order that nobody paid was looked up; its status was {seen!r}, not 'open'.")
        tally.expect(
            unknown.status == 404, f"An order that nobody placed was looked up; the API answered {unknown.status}, not 404."
        )


@points(
    10,
    "function",
    hint="An order that is paid later is no new row of the table: what does the stream call such a change?",
    topic="m2-t1",
)
def test_paid_later(evidence):
    rows, paid = evidence.notes.get("orders-rows", {}), evidence.notes.get("paid")
    expect(rows.get("C-1") == "shipped", "An order was paid by card; nine minutes later it was not shipped.")
    expect(paid.status == 200, f"An invoice was paid; the API answered {paid.status}, not 200.")
    expect(rows.get("I-1") == "shipped", "An invoice was paid some minutes after its order; the order was not shipped.")


@points(4, "function", hint="A filter that lets everything through ships what nobody paid.", topic="m2-t1")
def test_paid_only(evidence):
    rows = evidence.notes.get("orders-rows", {})
    expect(rows.get("I-1") == "shipped", "No order by invoice was shipped, so nothing shows which ones would be.")
    expect(
        labels(evidence, "I-1"),
        "No line in a log tells of the carrier's label for an order that was shipped; carrier.py writes one.",
    )
    expect(rows.get("I-2") == "open", f"An order was not paid; its status is {rows.get('I-2')!r}, not 'open'.")
    strange = [body for body in evidence.notes.get("orders-parcels", ()) if "I-2" in body]
    bought = labels(evidence, "I-2") or strange or notices(evidence, "I-2")
    expect(not bought, "An order was not paid; the warehouse bought a label for it all the same.")
    again = labels(evidence, "C-1")
    expect(again == 1, f"Support wrote a note on an order that was shipped; {again} labels were bought for it.")


@points(
    8,
    "function",
    hint="A function needs longer than what it waits for, and a queue hides a message longer than its function may take.",
    topic="m2-t2",
)
def test_slow_carrier(evidence, variant):
    rows = evidence.notes.get("slow-rows", {})
    said = f"The carrier took {variant['carrier_s']} seconds for a parcel; ten minutes later the order was not shipped."
    expect(rows.get("S-1") == "shipped", said)
    told = len(notices(evidence, "S-1"))
    expect(told <= 1, f"The carrier was slow, and the customer was told {told} times.")


@points(8, "function", hint="The denial in the log of Notices names the action and the topic.", topic="m3-t1")
def test_notices(evidence):
    with Tally() as tally:
        for number, how in (("C-1", "paid by card"), ("I-1", "paid later")):
            shipped = evidence.notes.get("orders-rows", {}).get(number) == "shipped"
            if not shipped and number == "I-1":
                continue  # lost elsewhere
            found = notices(evidence, number)
            said = f"An order {how} came to {len(found)} notices on the topic; one that names order and label was expected."
            tally.expect(len(found) == 1 and all(one.get("label") for one in found), said)


@points(
    6,
    "function",
    hint="A function that is never called writes no log: its metrics tell what became of the events, CloudTrail who set what.",
    topic="m1-t7",
)
def test_report(evidence):
    told = [
        one for one in embedded_metrics(evidence.during("refused", evidence.lines), "Bookshop") if one.name == "OrdersWaiting"
    ]
    expect(told, "An hour went by, and nobody reported OrdersWaiting in the namespace Bookshop.")
    rows = evidence.notes.get("refused-rows", {})
    expect("R-1" in rows, "The order that the report was to count could not be placed, so nothing shows what it counts.")
    waiting = sum(status == "paid" for status in rows.values())
    said = f"{waiting} orders were paid and not shipped; the last OrdersWaiting was {told[-1].value:g}."
    expect(told[-1].value == waiting, said)


def labels(evidence, number):
    """How many labels the carrier issued for this order."""
    lines = [document(line.text) or {} for line in evidence.lines]
    return sum(line.get("said") == "label issued" and line.get("order") == number for line in lines)


def notices(evidence, number):
    """What was told of this order, as JSON objects."""
    told = [document(message.body) or {} for message in evidence.notifications]
    return [notice for notice in told if notice.get("order") == number]
