"""Orders are stored and customers' sums are right."""

from autograder.checks.expect import Tally, expect
from autograder.checks.marks import points

MANY = {f"many-{number}": (f"many-{number % 3}", (number + 1) * 100) for number in range(9)}


@points(12, "function", hint="One item an order: orderId, customer, and the sum of quantity times cents.", topic="m2-t2")
def test_orders(evidence, variant):
    held, name = evidence.facts.get("orderId", {}), variant["total"]
    expect(held, "Orders were sent; the order table is empty.")
    wanted = {
        "one item": ("plain-1", "ada", 900),
        "two items": ("plain-2", "ada", 1547),
        "the largest quantity allowed": ("plain-3", "grace", variant["quantity_max"]),
        "an item that costs nothing": ("plain-4", "Zoë O'Neil", 0),
        "further members": ("plain-5", "grace", 86_419_746),
    }
    with Tally() as tally:
        for what, (order, customer, total) in wanted.items():
            found = held.get(order)
            tally.expect(found, f"An order with {what} was sent; it is not in the order table.", part=what)
            if found:
                seen = (found.get("customer"), found.get(name))
                said = f"An order with {what} was stored with other values of customer and {name} than it has."
                tally.expect(seen == (customer, total), said, part=what)
        stored = [order for order, (_, total) in MANY.items() if held.get(order, {}).get(name) == total]
        tally.expect(
            len(stored) == len(MANY), f"{len(MANY)} orders came at once; {len(stored)} were stored with their {name}.", weight=2
        )


@points(8, "function", hint="Add to what the customer's item holds, in one call: ADD orders, spent.", topic="m2-t2")
def test_customers(evidence, variant):
    held = evidence.facts.get("customer", {})
    expect(held, "Orders were sent; the customer table is empty.")
    wanted = {"ada": (2, 2447), "grace": (2, 86_419_746 + variant["quantity_max"]), "Zoë O'Neil": (1, 0)}
    for customer, total in MANY.values():
        count, spent = wanted.get(customer, (0, 0))
        wanted[customer] = (count + 1, spent + total)
    with Tally() as tally:
        for customer, sums in wanted.items():
            found = held.get(customer, {})
            seen = (found.get("orders"), found.get("spent"))
            tally.expect(seen == sums, f"A customer with {sums[0]} orders has [orders, spent] {list(seen)}, not {list(sums)}.")
