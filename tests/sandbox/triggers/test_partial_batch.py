from __future__ import annotations

import pytest

from sandbox.triggers.partial_batch import failed_ids

IDS = ["a", "b", "c"]


@pytest.mark.parametrize(
    "answer", [b"", b"null", b"{}", b'{"batchItemFailures": null}', b'{"batchItemFailures": []}', b'{"other": 1}', b'""']
)
def test_no_failures_means_success(answer: bytes) -> None:
    assert failed_ids(answer, IDS) == frozenset()


@pytest.mark.parametrize(
    "answer",
    [
        b"no json",
        b'"text"',
        b'{"batchItemFailures": "a"}',
        b'{"batchItemFailures": [{}]}',
        b'{"batchItemFailures": ["a"]}',
        b'{"batchItemFailures": [{"itemIdentifier": ""}]}',
        b'{"batchItemFailures": [{"itemIdentifier": null}]}',
        b'{"batchItemFailures": [{"itemIdentifier": "z"}]}',
        b'{"batchItemFailures": [{"itemIdentifier": "a"}, {"itemIdentifier": "z"}]}',
    ],
)
def test_what_cannot_be_understood_fails_the_whole_batch(answer: bytes) -> None:
    assert failed_ids(answer, IDS) == frozenset(IDS)


def test_named_records_fail() -> None:
    assert failed_ids(b'{"batchItemFailures": [{"itemIdentifier": "b"}, {"itemIdentifier": "b"}]}', IDS) == {"b"}
