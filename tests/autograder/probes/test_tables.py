"""Items of a table as plain values, all pages of them."""

from typing import Any

from autograder.probes.tables import items_of


class TwoPages:
    def scan(self, **asked: Any) -> dict[str, Any]:
        assert (asked["TableName"], asked["ConsistentRead"]) == ("orders", True)
        if "ExclusiveStartKey" not in asked:
            return {"Items": [{"id": {"S": "a"}, "sum": {"N": "12"}}], "LastEvaluatedKey": {"id": {"S": "a"}}}
        return {"Items": [{"id": {"S": "b"}, "sum": {"N": "0.5"}, "ids": {"SS": ["x"]}}]}


def test_whole_numbers_are_int_and_pages_follow_each_other() -> None:
    found = items_of(lambda _: TwoPages(), "orders")
    assert found == [{"id": "a", "sum": 12}, {"id": "b", "sum": 0.5, "ids": {"x"}}]
    assert isinstance(found[0]["sum"], int)
