from __future__ import annotations

import json

from sandbox.triggers.tumbling_window import STATE_BYTES_MAX, TumblingWindow


def opened() -> TumblingWindow:
    window = TumblingWindow(60)
    window.enter(130.0)
    return window


def test_a_window_is_a_stretch_of_the_clock() -> None:
    members = opened().members("shard", "stream", final=False)
    assert members["window"] == {"start": "1970-01-01T00:02:00Z", "end": "1970-01-01T00:03:00Z"}
    assert opened().ends == 180.0


def test_a_state_is_handed_on_until_the_final_invocation() -> None:
    window = opened()
    assert window.answered(b'{"state": {"n": 1}}', final=False)
    assert window.members("shard", "stream", final=True)["state"] == {"n": 1}
    assert window.answered(b"null", final=True)
    assert not window.open
    window.enter(200.0)
    assert window.members("shard", "stream", final=False)["state"] == {}


def test_an_answer_without_a_state_is_a_failure() -> None:
    assert not opened().answered(b'{"batchItemFailures": []}', final=False)
    assert not opened().answered(b"no json", final=False)


def test_a_state_that_grew_too_big_ends_the_window_early() -> None:
    window = opened()
    assert window.answered(json.dumps({"state": {"x": "y" * STATE_BYTES_MAX}}).encode(), final=False)
    members = window.members("shard", "stream", final=False)
    assert (members["isWindowTerminatedEarly"], members["state"]) == (True, {})
