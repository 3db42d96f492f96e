"""A graded class as lines of text: who got what, which checks cost points, where the time went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from autograder.marking.item_statistics import items, phases
from autograder.report import Report

ITEMS_SHOWN = 15


def summary(reports: Sequence[Report]) -> Iterator[str]:
    """Lines for a terminal. Names are the learners' own, so whatever would move its cursor is shown as a question mark."""
    graded = [report for report in reports if report.status == "graded"]
    yield from _scores(reports, [criterion.name for criterion in graded[0].criteria] if graded else [])
    yield ""
    yield _counts(reports, graded)
    lost = [item for item in items(graded) if item.lost]
    if lost:
        yield ""
        yield f"{'points lost by':<16}{'nothing':>8}{'mean':>7}  check"
        for item in lost[:ITEMS_SHOWN]:
            share = f"{item.lost} of {item.graded}"
            yield f"{share:<16}{item.none:>8}{item.share:>7.0%}  {item.criterion}: {item.id}"
        if len(lost) > ITEMS_SHOWN:
            yield f"… and {len(lost) - ITEMS_SHOWN} more checks"
    spent = phases(reports)
    if spent:
        yield ""
        yield f"{'phase':<16}{'median s':>10}{'longest s':>11}{'sum s':>10}"
        for phase in spent:
            yield f"{phase.name:<16}{phase.median_s:>10.2f}{phase.longest_s:>11.2f}{phase.sum_s:>10.1f}"


def plain(text: str) -> str:
    """Text of a submission, safe to print: no control or format characters, no line ends, no bytes that were no text."""
    return "".join(character if character.isprintable() else "?" for character in text)


def _scores(reports: Sequence[Report], criteria: Sequence[str]) -> Iterator[str]:
    width = max((len(report.submission) for report in reports), default=0) + 2
    yield f"{'learner':<{width}}{'score':>14}" + "".join(f"{name:>{len(name) + 2}}" for name in criteria)
    for report in reports:
        name = f"{plain(report.submission):<{width}}"
        if report.status == "failed":
            yield f"{name}{'failed':>14}  {plain(report.reason.splitlines()[0] if report.reason else 'no reason given')}"
            continue
        points = {criterion.name: criterion.points for criterion in report.criteria}
        columns = "".join(f"{points.get(criterion, 0):>{len(criterion) + 2}g}" for criterion in criteria)
        yield f"{name}{f'{report.score:g} of {report.max:g}':>14}{columns}"


def _counts(reports: Sequence[Report], graded: Sequence[Report]) -> str:
    if not graded:
        return f"none of {len(reports)} graded"
    mean = sum(report.score for report in graded) / len(graded)
    backends = Counter(report.backend for report in graded)
    failed = len(reports) - len(graded)
    told = f"; {failed} failed, which is our doing: mend it and run again with --resume" if failed else ""
    names = ", ".join(f"{backend or 'unnamed'} ({count})" for backend, count in backends.most_common())
    return f"{len(graded)} graded, mean {mean:.1f} of {graded[0].max:g}; isolation: {names}{told}"
