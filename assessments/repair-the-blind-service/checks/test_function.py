"""It still pays out."""

from autograder.checks.expect import Tally
from autograder.checks.marks import points


@points(8, "function", hint="What worked before has to work afterwards.", topic="m1-t7")
def test_pays(evidence, variant):
    rows, refused = evidence.notes.get("rows", {}), variant["refused_max"]
    with Tally() as tally:
        for name, state in (("job-w1", "paid"), ("job-w3", "paid"), ("job-r0", "refused")):
            found = rows.get(name, {}).get("state", "not in the table")
            tally.expect(found == state, f"A sound job was sent; it is {found}, {state} was expected.")
        totals = rows.get("totals", {})
        right = (totals.get("paid"), totals.get("refused")) == ("3", str(refused))
        tally.expect(right, "Ten minutes after a few jobs the row totals does not count them.")
