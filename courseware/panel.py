"""A live view of the account beside a notebook: functions, queues, alarms, log lines, and the clock's buttons.

``Model`` is the panel without widgets, which is what the tests look at; ``Panel`` draws it with ipywidgets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

from courseware.account_ended import ADVICE, has_ended
from courseware.errors import LearnerError
from sandbox.control.face import ControlFace
from sandbox.errors import SandboxError

MINUTE_S = 60.0
HOUR_S = 3_600.0
_STYLE = (
    ".course-panel{line-height:1.5}.course-panel caption{text-align:left;font-weight:bold}"
    ".course-panel :is(th,td){text-align:left;vertical-align:top;padding-right:1em}"
)


class Model:
    """``tables`` are (caption, header, rows) as text; ``message`` is what the last button did, or why it did not."""

    def __init__(self, control: ControlFace) -> None:
        self._control = control
        self.state: dict[str, Any] = {}
        self.message = ""
        self.refresh()

    def refresh(self) -> None:
        self._do(lambda: "")

    def minute(self) -> None:
        self._do(lambda: self._advance(MINUTE_S, "One minute has passed."))

    def hour(self) -> None:
        self._do(lambda: self._advance(HOUR_S, "One hour has passed."))

    def until_quiet(self) -> None:
        self._do(self._until_quiet)

    @property
    def clock(self) -> str:
        """Such as ``2027-01-15 08:00:00 UTC, virtual time, quiet``."""
        if not self.state:
            return "no account"
        moment = datetime.fromtimestamp(self.state["now"], UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        kind = "virtual time" if self.state["virtual"] else "real time"
        return f"{moment}, {kind}, {'quiet' if self.state['quiet'] else 'busy'}"

    @property
    def tables(self) -> list[tuple[str, tuple[str, ...], list[tuple[str, ...]]]]:
        return [
            ("Functions", ("name", "runtime", "state"), self._rows("functions", "name", "runtime", "state")),
            (
                "Queues",
                ("name", "visible", "in flight", "delayed"),
                self._rows("queues", "name", "visible", "in_flight", "delayed"),
            ),
            ("Alarms", ("name", "state", "reason"), self._rows("alarms", "name", "state", "reason")),
            ("Newest log lines", ("time", "group", "line"), [_line(row) for row in self.state.get("logs", ())]),
        ]

    def html(self) -> str:
        """The tables for a notebook's cell; everything is escaped."""
        parts = [f"<style>{_STYLE}</style>", f"<p><strong>{escape(self.clock)}</strong></p>"]
        if not self.state.get("balanced", True):
            parts.append("<p>The account's books do not balance: see <code>control.balance()</code>.</p>")
        parts += [_table(*table) for table in self.tables]
        return f'<div class="course-panel">{"".join(parts)}</div>'

    def _rows(self, kind: str, *members: str) -> list[tuple[str, ...]]:
        return [tuple(str(row.get(member, "")) for member in members) for row in self.state.get(kind, ())]

    def _advance(self, seconds: float, done: str) -> str:
        self._control.advance(seconds)
        return done

    def _until_quiet(self) -> str:
        quiet = self._control.until_quiet().get("quiet")
        return "Nothing is running or due any more." if quiet else "There is no end of what is due in sight."

    def _do(self, action: Callable[[], str]) -> None:
        """An account that is gone or a clock that does not move is said, not raised: a button has no caller."""
        try:
            self.message = action()
            self.state = self._control.overview()
        except SandboxError as error:
            self.message = ADVICE if has_ended(self._control) else str(error)


class Panel:
    """Shows itself as the last value of a cell. Refreshed by its buttons and by ``refresh()``."""

    def __init__(self, control: ControlFace) -> None:
        try:
            import ipywidgets as widgets  # noqa: PLC0415  # only notebooks have them
        except ImportError as error:
            raise LearnerError("the panel needs ipywidgets; in JupyterLab of `./course up` it is there") from error
        self.model = Model(control)
        self._view = widgets.HTML()
        self._message = widgets.HTML()
        buttons = []
        for label, tip, act in (
            ("Refresh", "Look again", self.model.refresh),
            ("+1 min", "Let one minute pass", self.model.minute),
            ("+1 h", "Let one hour pass", self.model.hour),
            ("Run until quiet", "Go on until nothing is running or due", self.model.until_quiet),
        ):
            button = widgets.Button(description=label, tooltip=tip)
            button.on_click(self._clicked(act))
            buttons.append(button)
        self.widget = widgets.VBox([widgets.HBox(buttons), self._message, self._view])
        self.buttons = {button.description: button for button in buttons}
        self._draw()

    def refresh(self) -> None:
        self.model.refresh()
        self._draw()

    def _clicked(self, act: Callable[[], None]) -> Callable[[Any], None]:
        def clicked(_: Any) -> None:
            act()
            self._draw()

        return clicked

    def _draw(self) -> None:
        self._view.value = self.model.html()
        self._message.value = f'<span role="status">{escape(self.model.message)}</span>'

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget._repr_mimebundle_(**options)


def _line(row: dict[str, Any]) -> tuple[str, str, str]:
    moment = datetime.fromtimestamp(row["at_ms"] / 1000, UTC).strftime("%H:%M:%S")
    return moment, str(row["group"]), str(row["message"])


def _table(caption: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return f"<p>{escape(caption)}: none</p>"
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in header)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
