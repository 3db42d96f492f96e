"""About one call in ten of the alias runs the newer version."""

from collections import Counter

from autograder.checks.expect import expect

CALLS = 300


def test_a_tenth_of_the_calls_reach_the_new_version(aws, lab):
    lambda_ = aws("lambda")
    function, name = lab.name("function"), lab.name("alias")
    alias = lambda_.get_alias(FunctionName=function, Name=name)
    weights = alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
    expect(weights, "The alias sends every call to one version: give it a second one with a weight.")
    ((version, weight),) = weights.items()
    expect(int(version) > int(alias["FunctionVersion"]), f"The new version ({version}) gets the small share, not the old one.")
    expect(abs(weight - 0.1) < 0.001, f"Version {version} gets {weight:.0%} of the calls; one in ten is 0.1.")
    seen = Counter(
        lambda_.invoke(FunctionName=function, Qualifier=name, Payload=b'{"item": "tea"}')["ExecutedVersion"] for _ in range(CALLS)
    )
    # Six standard deviations of a fair draw on either side: a check that fails once in a hundred million.
    expect(0 < seen[version] < 63, f"Of {CALLS} calls {seen[version]} reached version {version}; about {CALLS // 10} should.")
