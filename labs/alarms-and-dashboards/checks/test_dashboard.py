"""The dashboard shows what rings, what callers get, what lies there, and what the business counts."""

import json

from autograder.checks.expect import expect


def test_the_three_questions_are_answered(aws, lab):
    body = json.loads(aws("cloudwatch").get_dashboard(DashboardName=lab.name("dashboard"))["DashboardBody"])
    widgets = body["widgets"]
    shown = [name for widget in widgets for name in _names(widget.get("properties", {}).get("metrics", []))]
    for metric, why in (
        ("Errors", "what callers get"),
        ("Duration", "how long callers wait"),
        ("ApproximateNumberOfMessagesVisible", "what is left lying"),
        ("PaymentsRefused", "what the business counts"),
    ):
        expect(
            metric in shown, f"The dashboard shows {', '.join(sorted(set(shown))) or 'no metric'}; {metric} is missing: {why}."
        )
    ringing = [arn for widget in widgets for arn in widget.get("properties", {}).get("alarms", [])]
    expect(any(arn.endswith(f":{lab.name('page')}") for arn in ringing), f"No alarm widget shows {lab.name('page')}: what rings?")


def test_waiting_is_shown_for_the_slow_not_on_average(aws, lab):
    body = json.loads(aws("cloudwatch").get_dashboard(DashboardName=lab.name("dashboard"))["DashboardBody"])
    for widget in body["widgets"]:
        properties = widget.get("properties", {})
        if "Duration" in _names(properties.get("metrics", [])):
            text = json.dumps(properties)
            expect(
                '"p9' in text or "Maximum" in text,
                "Duration is shown as a sum or an average; show p90, as the alarm looks at it.",
            )


def _names(metrics):
    return [row[1] for row in metrics if len(row) > 1 and isinstance(row[1], str)]
