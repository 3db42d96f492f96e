"""Three families of error; the third is never a score and never blames the learner.

AutograderError
├── SubmissionError   what the learner handed in cannot be read; the message names the fix
├── LabError          a lab or an assessment is malformed: its author reads this
├── ContentError      the curriculum or a quiz is malformed: its author reads this
└── GraderFault       we broke while judging: visible, retried, never points
"""

from __future__ import annotations


class AutograderError(Exception):
    """Base of every error this package raises on purpose."""


class SubmissionError(AutograderError):
    """The folder or notebook handed in is missing, unreadable or too large."""


class LabError(AutograderError):
    """``lab.toml``, a check or a faulty twin breaks the rules for labs."""


class ContentError(AutograderError):
    """``curriculum.toml`` or a quiz item breaks its rules; the text names file, entry and fix."""


class GraderFault(AutograderError):
    """A check or the grader itself failed for a reason the learner did not cause."""
