"""X-Ray. Traces have no resource types; groups and sampling rules do."""

from __future__ import annotations

from sandbox.iam.operations.request import Request, Rules, everything, given, table


def _group(request: Request) -> str:
    """A group's ARN ends with an id that only AWS knows."""
    return request.text("GroupARN") or request.arn(f"group/{request.text('GroupName')}/*")


def _rule(request: Request) -> str:
    inner = request.part("SamplingRule") or request.part("SamplingRuleUpdate") or request.params
    arn = str(inner.get("RuleARN") or "")
    return arn or request.arn(f"sampling-rule/{inner.get('RuleName') or '*'}")


RULES: Rules = table(
    {
        _group: "CreateGroup DeleteGroup GetGroup UpdateGroup",
        _rule: "CreateSamplingRule DeleteSamplingRule UpdateSamplingRule",
        given("ResourceARN"): "ListTagsForResource TagResource UntagResource",
        everything: (
            "BatchGetTraces CancelTraceRetrieval DeleteResourcePolicy GetEncryptionConfig GetGroups GetIndexingRules GetInsight "
            "GetInsightEvents GetInsightImpactGraph GetInsightSummaries GetRetrievedTracesGraph GetSamplingRules "
            "GetSamplingStatisticSummaries GetSamplingTargets GetServiceGraph GetTimeSeriesServiceStatistics GetTraceGraph "
            "GetTraceSegmentDestination GetTraceSummaries ListResourcePolicies ListRetrievedTraces PutEncryptionConfig "
            "PutResourcePolicy PutTelemetryRecords PutTraceSegments StartTraceRetrieval UpdateIndexingRule "
            "UpdateTraceSegmentDestination"
        ),
    }
)
