from __future__ import annotations

import pytest

from sandbox.worker.output import LineStream


@pytest.fixture
def records():
    return []


@pytest.fixture
def stream(records):
    return LineStream(records.append, 1)


def test_a_line_is_one_record_however_it_was_written(stream, records):
    for piece in ("a", "b\nc", "\n\n", "d"):
        stream.write(piece)
    assert records == ["ab", "c", ""]
    stream.finish()
    stream.finish()
    assert records == ["ab", "c", "", "d"]


def test_it_looks_like_a_text_stream(stream):
    assert (stream.encoding, stream.errors, stream.name, stream.mode) == ("utf-8", "strict", "<stdout>", "w")
    assert (stream.fileno(), stream.writable(), stream.isatty(), stream.closed) == (1, True, False, False)
    stream.reconfigure(line_buffering=True)
    assert stream.write("é") == 1
    with pytest.raises(TypeError, match="must be str, not bytes"):
        stream.write(b"x")


def test_closing_it_loses_nothing(stream, records):
    stream.close()
    print("still here", file=stream)
    assert records == ["still here"]


def test_bytes_join_the_lines_and_bad_ones_are_replaced(stream, records):
    assert stream.buffer.write(memoryview(b"a\xff")) == 2
    stream.writelines(["b", "\n"])
    assert records == ["a\ufffdb"]
