"""What happens to every submission, in this order: each scenario runs once, checks read what was seen."""

import json

from autograder.probes.alerts import alarm_actions, mail_subscribed
from autograder.probes.invocation import read_guarded
from autograder.probes.roles import read_roles

STEP_S = 60
STEPS_MAX = 40  # virtual minutes of calls; a hook that never reports ends after an hour, without them
CALLS = 10  # by customers in each step
CRASH = {"code": "Runtime.ExitError", "message": "exit"}

PRICING = '''"""The pricing rules of this release."""

RELEASE = "{release}"
PRICES = {{"tea": {tea}, "coffee": 620, "cake": 380, "probe": 100}}
COUPONS = {coupons}


def quote(items, coupon=None):
    total = sum(PRICES[item["sku"]] * {quantity} for item in items)
    return total * (COUPONS[coupon] if coupon else 100) // 100
'''


def pricing(release, tea=450, coupons='{"SPRING": 90}', quantity='item["quantity"]', first_line=""):
    text = PRICING.format(release=release, tea=tea, coupons=coupons, quantity=quantity)
    return {"src/pricing.py": (first_line + text).encode()}


def scenario_setting(scene, stack):
    if "AlertTopicArn" in stack.outputs:
        scene.ears.listen("alerts", stack.outputs["AlertTopicArn"])


def scenario_idle(scene, clock):
    """Customers call, and nothing else happens."""
    with scene.window("idle"):
        calls = []
        for _ in range(3):
            calls += customers(scene)
            clock.advance(minutes=5)
    scene.evidence.notes["idle"] = calls


def scenario_second(scene, clients, stack, faults):
    """A good release; meanwhile somebody tries the draft, which fails."""

    def draft():
        with faults.during(kind="invocation", error=CRASH):
            for _ in range(3):
                clients("lambda").invoke(FunctionName=stack.outputs.get("FunctionName", ""), Payload=basket())

    roll_out(scene, "second", pricing("second", tea=460), draft)


def scenario_wrong(scene):
    """A release that forgets to multiply: the probe shows it."""
    roll_out(scene, "wrong", pricing("wrong", quantity="1"))


def scenario_broken(scene):
    """A release that cannot even be loaded."""
    roll_out(scene, "broken", pricing("broken", first_line="import rules_of_last_year\n"))


def scenario_coupons(scene):
    """A release that passes the probe and fails for every second customer."""
    roll_out(scene, "coupons", pricing("coupons", coupons="{}"), calls=2 * CALLS, step_s=STEP_S / 2)


def scenario_fourth(scene):
    """After all that, a good release."""
    roll_out(scene, "fourth", pricing("fourth", tea=470))


def scenario_errors(scene, clock, evidence):
    """Customers ask for what there is not, and no release is under way."""
    clock.advance(minutes=10)
    with scene.window("errors"):
        evidence.notes["unknown"] = [call(scene, basket(sku="unicorn")) for _ in range(3)]
        clock.advance(minutes=4)


def roll_out(scene, name, files, meanwhile=None, calls=CALLS, step_s=STEP_S):
    """An update with these files, customers calling all the time; written down under ``name``."""
    held = {"calls": [], "routes": [], "before": route(scene)["version"], "start": scene.clock.now}
    scene.evidence.notes.setdefault("releases", {})[name] = held
    with scene.window(name):
        held["refused"] = scene.release(files, Release=name)
        for step in range(STEPS_MAX):
            if not under_way(scene):
                break
            held["routes"].append(route(scene))
            held["calls"] += customers(scene, calls)
            if meanwhile and step == 2:
                meanwhile()
            scene.clock.advance(seconds=step_s)
        while under_way(scene) and scene.clock.now < held["start"] + 3 * 3600:
            scene.clock.advance(minutes=5)
        held["status"], held["seconds"] = scene.stack_status(), scene.clock.now - held["start"]
        held["after"] = customers(scene, 2 * calls)
        held["route"] = route(scene)
        scene.clock.advance(minutes=10)


def under_way(scene):
    return scene.stack_status().endswith("_IN_PROGRESS")


def route(scene):
    """Where the alias points now: its version, and the shares of others."""
    function, alias = scene.stack.outputs.get("FunctionName", ""), scene.variant["alias"]
    held = scene.clients("lambda").get_alias(FunctionName=function, Name=alias)
    weights = (held.get("RoutingConfig") or {}).get("AdditionalVersionWeights", {})
    return {"at": scene.clock.now, "version": held["FunctionVersion"], "weights": weights}


def customers(scene, count=CALLS):
    """Every second one has a coupon."""
    return [call(scene, basket(coupon="SPRING" if number % 2 else None)) for number in range(count)]


def call(scene, payload, qualifier=None):
    """What a customer sees of one call, and which version answered."""
    function = scene.stack.outputs.get("FunctionName", "")
    asked = {"FunctionName": function, "Qualifier": qualifier or scene.variant["alias"], "Payload": payload}
    answer = scene.clients("lambda").invoke(**asked)
    try:
        said = json.loads(answer["Payload"].read())
    except ValueError:
        said = None
    return {
        "at": scene.clock.now,
        "version": answer["ExecutedVersion"],
        "failed": "FunctionError" in answer,
        "coupon": b"SPRING" in payload,
        "said": said if isinstance(said, dict) else {},
    }


def basket(sku="tea", coupon=None):
    asked = {"items": [{"sku": sku, "quantity": 2}]}
    return json.dumps(asked | ({"coupon": coupon} if coupon else {})).encode()


def scenario_versions(scene, evidence):
    """What was published answers by its number, as it did on its first day."""
    releases = evidence.notes.get("releases", {})
    numbers = [held["before"] for held in releases.values()] + [held["route"]["version"] for held in releases.values()]
    evidence.notes["versions"] = {}
    for number in dict.fromkeys(numbers):
        evidence.notes["versions"][number] = call(scene, basket(), number)["said"].get("release")


def scenario_probe(stack, clients, evidence, variant):
    """Policies and settings, as the account holds them."""
    functions = stack.physical("AWS::Lambda::Function")
    evidence.facts["roles"] = read_roles(clients, functions)
    evidence.facts["alarms"] = alarm_actions(clients)
    if stack.outputs.get("AlertTopicArn") in stack.physical("AWS::SNS::Topic"):
        evidence.facts["mail"] = mail_subscribed(clients, stack.outputs["AlertTopicArn"])
    aliased = f"{stack.outputs.get('FunctionName', '')}:{variant['alias']}"
    evidence.facts["guarded"] = read_guarded(clients, [*functions, aliased], [], [])
