"""Errors people see at the shell, each with the exit code it becomes.

LearnerError (from sandbox)  2   an argument, a port in use, a folder: the text names the fix
ToolError                    1   a tool we called (npm, Sphinx, a linter) said no; the text names what to look at
anything else                70  a defect of ours; the traceback is kept in .course/logs
"""

from __future__ import annotations

from sandbox.errors import LearnerError, SandboxError

__all__ = ["LearnerError", "ToolError"]


class ToolError(SandboxError):
    """A program the course runs failed; its own output has been shown or is named in the text."""
