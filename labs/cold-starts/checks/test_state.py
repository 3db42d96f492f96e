"""What belongs to one event stays with it, also when the event fails; what belongs to all is kept."""

import base64
import json

from autograder.checks.expect import expect


def _call(aws, lab, **event):
    answer = aws("lambda").invoke(FunctionName=lab.name("function"), LogType="Tail", Payload=json.dumps(event))
    return json.loads(answer["Payload"].read()), base64.b64decode(answer["LogResult"]).decode()


def _cents(aws, lab, **event):
    answer, _ = _call(aws, lab, **event)
    return answer.get("cents", answer) if isinstance(answer, dict) else answer


def test_a_discount_is_for_one_event(aws, lab):
    guest, staff = {"room": "single"}, {"room": "single", "staff": True}
    expect(_cents(aws, lab, **guest) == 9000, "A guest pays 9000 cents for a single room, also after calls of your own.")
    expect(_cents(aws, lab, **staff) == 4500, "Staff pay half: 4500 cents for a single room.")
    after = _cents(aws, lab, **guest)
    expect(after == 9000, f"A guest who comes after staff pays {after} cents instead of 9000: the environment kept the discount.")
    _call(aws, lab, room="attic", staff=True)
    after = _cents(aws, lab, **guest)
    expect(after == 9000, f"Staff asked for a room that there is not, the call failed, and the next guest pays {after} cents.")


def test_the_tariff_is_still_kept(aws, lab):
    _call(aws, lab, room="single")
    _, log = _call(aws, lab, room="single")
    expect("tariff loaded" not in log, "Now the tariff is loaded for every event: it belongs to everybody and may be kept.")
