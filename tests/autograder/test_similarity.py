from __future__ import annotations

from pathlib import Path

import pytest

from autograder.similarity import Pair, alike

ADA = '''
import json

def handler(event, context):
    """Ada's."""
    for record in event["Records"]:
        body = json.loads(record["body"])
        if body["size"] > 20:
            raise ValueError("too large")
        print(json.dumps({"seen": body["key"]}))
    return {"ok": True}
'''
RENAMED = """
import json
# my own work
def main(e, c):
    for r in e["Records"]:
        b   =   json.loads(r["body"])   # parse
        if b["size"] > 99:
            raise KeyError("no!")
        print(json.dumps({"done": b["name"]}))
    return {"fine": True}
"""
OTHER = """
class Queue:
    def __init__(self, client, url):
        self.client = client
        self.url = url

    def drain(self):
        while batch := self.client.receive_message(QueueUrl=self.url).get("Messages"):
            yield from batch
            self.client.delete_message_batch(QueueUrl=self.url, Entries=[{"Id": m["MessageId"]} for m in batch])
"""


def submissions(tmp_path: Path, **codes: str) -> dict[str, Path]:
    for name, code in codes.items():
        (tmp_path / name / "src").mkdir(parents=True)
        (tmp_path / name / "src" / "app.py").write_text(code)
    return {name: tmp_path / name for name in codes}


def test_renaming_reformatting_and_commenting_hide_nothing(tmp_path: Path) -> None:
    assert [(pair.first, pair.second) for pair in alike(submissions(tmp_path, ada=ADA, bob=RENAMED, eve=OTHER))] == [
        ("ada", "bob")
    ]


def test_equal_work_is_wholly_alike_and_the_most_alike_come_first(tmp_path: Path) -> None:
    found = alike(submissions(tmp_path, ada=ADA, bob=ADA, carl=RENAMED), at_least=0.5)
    assert found[0] == Pair("ada", "bob", 1.0, found[0].tokens)
    assert [pair.similarity for pair in found] == sorted([pair.similarity for pair in found], reverse=True)


def test_what_everybody_was_given_does_not_count(tmp_path: Path) -> None:
    starter = submissions(tmp_path / "given", starter=ADA)["starter"]
    handed = submissions(tmp_path, ada=ADA + OTHER, bob=ADA + "x = [1, 2, 3]\nfor y in x:\n    print(y, y * y, y ** y, sep='')\n")
    assert alike(handed, at_least=0.6)
    assert alike(handed, starter, at_least=0.6) == []


@pytest.mark.parametrize("code", ["", "def broken(:", "\x00", "x = '''never closed"])
def test_work_that_is_no_python_is_compared_or_passed_over_but_breaks_nothing(tmp_path: Path, code: str) -> None:
    handed = submissions(tmp_path, ada=code, bob=ADA)
    (tmp_path / "eve").symlink_to(tmp_path / "bob")
    assert alike(handed | {"eve": tmp_path / "eve"}) == []
