"""Everyday orders and rare ones are billed."""

import json

from autograder.checks.expect import Tally
from autograder.checks.marks import points


@points(3, "function", hint="What worked before has to work afterwards: read the denials in the functions' logs.", topic="m3-t1")
def test_ordinary(evidence, variant):
    with Tally() as tally:
        for name, total in (("a0", "12.5"), ("a1", str(variant["review_above"]))):
            made = receipt_of(evidence, variant, name)
            wrong = not made or made.get("total") != total
            tally.expect(
                not wrong, "A file of ordinary orders was uploaded; an order in it has no receipt, or a wrong one.", part="all"
            )
        early = [message.body for message in evidence.during("ordinary", evidence.notifications)]
        tally.expect(not early, "No order was above the limit, and the topic was told of one.", part="all")


@points(
    15,
    "function",
    hint="Read the code for calls that few orders need, and ask for each: which action, on which ARN, by whose policy?",
    topic="m3-t1",
)
def test_rare_paths(evidence, variant):
    card, loyal, large = (receipt_of(evidence, variant, name) or {} for name in ("b1", "b2", "b3"))
    told = [found for message in evidence.notifications if (found := parsed(message.body)).get("order") == "b3"]
    notes = evidence.notes
    with Tally() as tally:
        tally.expect(
            card.get("card") == "7391", "An order came with a card; its receipt does not end in the card's last four digits."
        )
        tally.expect(
            loyal.get("orders") == 3, f"A loyal customer's third order has a receipt that counts {loyal.get('orders', 'none')}."
        )
        tally.expect(large and told, "An order above the limit was billed; the topic was not told of it.")
        gone = notes.get("billed-before") and not notes.get("billed-after")
        tally.expect(gone, "An order was billed and then cancelled; its receipt was not made and then taken away.")


def receipt_of(evidence, variant, name):
    return parsed(evidence.objects.get(f"{variant['receipts']}/{name}.json", b""))


def parsed(body):
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
