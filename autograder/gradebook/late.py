"""What handing in late costs: a share of the score for each day begun, up to a most."""

from __future__ import annotations

import math

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float

_DAY_SECONDS = 86_400


class LatePenalty(LateSubmissionPlugin):  # type: ignore[misc]
    """``c.AssignLatePenalties.plugin_class``; nbgrader calls it only for submissions after the due date."""

    share_per_day = Float(0.1, min=0, max=1, help="part of the score lost for each day begun").tag(config=True)
    share_max = Float(0.5, min=0, max=1, help="the most that is lost").tag(config=True)
    grace_minutes = Float(10, min=0, help="as late as this costs nothing").tag(config=True)

    def late_submission_penalty(self, _student_id: str, score: float, total_seconds_late: float) -> float | None:
        """Points to take off, None for none."""
        if total_seconds_late <= self.grace_minutes * 60:
            return None
        days = math.ceil(total_seconds_late / _DAY_SECONDS)
        share: float = min(self.share_max, self.share_per_day * days)
        return round(score * share, 2)
