"""Against the line between a function and its account: pipes with frames, of which a function holds its own ends."""

from __future__ import annotations

import json

import pytest

PIPES = """
import stat, struct
def pipes():
    found = {}
    for number in range(3, 1024):
        try:
            mode = os.fstat(number).st_mode
        except OSError:
            continue
        import fcntl
        found[number] = [stat.S_ISFIFO(mode), fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE]
    return found
def writing():
    return [number for number, (fifo, access) in pipes().items() if fifo and access == os.O_WRONLY]
def frame(kind, body):
    return struct.pack("!BI", kind, len(body)) + body
RESULT = struct.pack("!III", 1, 1, 0)
"""


def test_a_function_inherits_its_own_three_pipes_and_nothing_else(boxed):
    found = boxed.run(PIPES + "result = pipes()", on="newborn")
    assert len(found) == 3
    assert all(fifo for fifo, _ in found.values())
    assert sorted(access for _, access in found.values()) == [0, 1, 1]


def test_a_forged_result_answers_the_forgers_own_invocation_only(boxed):
    """It says what the handler could have returned; a second answer is one too many and ends the environment."""
    forge = PIPES + "[os.write(number, frame(18, RESULT + b'\"forged\"')) for number in writing()]\nresult = TOKEN"
    assert boxed.run(forge, on="forger") == "forged"
    answers = [boxed.run("result = 'honest'", on="forger") for _ in range(2)]
    assert answers[-1] == "honest"
    assert boxed.still_serves()


def test_results_written_ahead_do_not_answer_the_next_invocation(boxed):
    code = PIPES + "[os.write(number, 3 * frame(18, RESULT + b'\"forged\"')) for number in writing()]\ntime.sleep(60)"
    boxed.run(code, on="forger")
    assert boxed.run("result = 'honest'", on="forger") == "honest"


@pytest.mark.parametrize(
    "garbage",
    [
        "b'\\xff' * 4096",
        "struct.pack('!BI', 18, 0xffffffff) + b'x' * 4096",
        "frame(17, RESULT + b'[' * 60_000)",
        "frame(18, b'')",
        "frame(16, RESULT)",
        "frame(250, RESULT)",
    ],
    ids=["noise", "endless-frame", "deep-json", "no-head", "second-start", "unknown-kind"],
)
def test_a_broken_frame_ends_the_environment_and_nothing_else(boxed, garbage):
    code = f"""{PIPES}
data = {garbage}
for number in writing():
    os.set_blocking(number, False)
    said(lambda: os.write(number, data))
result = 1
"""
    boxed.run(code, on="forger")
    assert boxed.still_serves()
    assert boxed.run("result = 'honest'", on="forger") == "honest"


def test_frames_without_end_do_not_hold_the_account(boxed):
    code = (
        PIPES
        + """
def flood(number):
    data = frame(21, b"") * 8192
    while True:
        os.write(number, data)
for number in writing():
    threading.Thread(target=flood, args=(number,), daemon=True).start()
time.sleep(60)
"""
    )
    assert "errorType" in boxed.run(code, on="forger")
    assert boxed.still_serves()


def test_what_the_runtime_does_to_itself_changes_no_verdict(boxed):
    """Patching the interpreter that runs the handler reaches as far as the handler: what counts is looked at from outside."""
    code = """
    import json, builtins
    json.dumps = lambda *a, **k: '"patched"'
    builtins.print = lambda *a: None
    sys.modules["lambda_worker.payload"].encode = lambda value: b'"patched"'
    result = 1
    """
    boxed.run(code, on="patcher")
    assert boxed.run("result = [1, {'a': 2}]", on="bystander") == [1, {"a": 2}]


def test_deep_json_is_the_functions_own_error(boxed):
    code = "result = []\nfor _ in range(100_000): result = [result]"
    answer = boxed.run(code, on="forger")
    assert "errorType" in answer
    assert len(json.dumps(answer)) < 50_000
    assert boxed.still_serves()
