"""What CloudWatch holds of a stack: metrics by series, alarms by state."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from autograder.evidence import Window
from autograder.probes.alerts import alarm_states
from autograder.probes.monitoring import metric_sums
from autograder.scene import Clients
from sandbox.account import Settings, local_account

START = 1_767_225_600.0


def test_each_series_is_summed_in_the_window_and_alarms_tell_their_state() -> None:
    with local_account(Settings(virtual_time=True, start=START)) as account:
        clients = Clients(account)
        cloudwatch = clients("cloudwatch")
        for after_s, kind, value in ((70, "a", 2.0), (80, "a", 3.0), (90, "b", 1.0), (900, "a", 50.0)):
            when = datetime.fromtimestamp(START, UTC) + timedelta(seconds=after_s)
            row = {"MetricName": "Paid", "Dimensions": [{"Name": "kind", "Value": kind}], "Timestamp": when, "Value": value}
            cloudwatch.put_metric_data(Namespace="Payouts", MetricData=[row])
        cloudwatch.put_metric_alarm(
            AlarmName="silent",
            Namespace="Payouts",
            MetricName="Nothing",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="LessThanThreshold",
            TreatMissingData="breaching",
        )
        account.control.advance(1_200)
        held = metric_sums(clients, "Payouts", Window("work", START + 65, START + 300))
        assert sorted(held["Paid"]) == [1.0, 5.0]
        assert metric_sums(clients, "Elsewhere", Window("work", START, START + 300)) == {}
        assert metric_sums(clients, "Payouts", None) == {}
        assert alarm_states(clients) == {"silent": "ALARM"}
