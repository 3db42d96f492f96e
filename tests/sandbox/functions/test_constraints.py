from __future__ import annotations

import pytest

from sandbox.errors import AwsError
from sandbox.functions.constraints import Constraints, lambda_constraints

MODEL = {
    "operations": {"Do": {"input": {"shape": "In"}}, "Nothing": {}},
    "shapes": {
        "In": {
            "type": "structure",
            "required": ["Name"],
            "members": {
                "Name": {"shape": "Name"},
                "Count": {"shape": "Count"},
                "Inner": {"shape": "Inner"},
                "Items": {"shape": "Items"},
                "Colours": {"shape": "Colours"},
                "Weights": {"shape": "Weights"},
                "Secret": {"shape": "Secret"},
            },
        },
        "Name": {"type": "string", "min": 2, "max": 5, "pattern": "[a-z]+"},
        "Count": {"type": "integer", "min": 1, "max": 3},
        "Inner": {"type": "structure", "members": {"Colour": {"shape": "Colour"}}},
        "Items": {"type": "list", "member": {"shape": "Inner"}, "max": 2},
        "Colours": {"type": "list", "member": {"shape": "Colour"}},
        "Colour": {"type": "string", "enum": ["red", "blue"]},
        "Weights": {"type": "map", "key": {"shape": "Name"}, "value": {"shape": "Count"}},
        "Secret": {"type": "string", "max": 3, "sensitive": True},
    },
}


def refusal(**params):
    with pytest.raises(AwsError) as caught:
        Constraints(MODEL).check("Do", params)
    assert caught.value.code == "ValidationException"
    return caught.value.message


def test_what_fits_passes():
    Constraints(MODEL).check(
        "Do",
        {"Name": "abc", "Count": 3, "Inner": {"Colour": "red"}, "Items": [{}, {}], "Colours": ["blue"], "Weights": {"ab": 1}},
    )


def test_an_operation_without_input_has_nothing_to_check():
    Constraints(MODEL).check("Nothing", {"x": 1})


def test_a_missing_member_is_null():
    assert refusal() == (
        "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null"
    )


def test_several_failures_are_counted_and_listed():
    assert refusal(Name="A", Count=4) == (
        "3 validation errors detected: "
        "Value 'A' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 2; "
        "Value 'A' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+; "
        "Value '4' at 'count' failed to satisfy constraint: Member must have value less than or equal to 3"
    )


def test_nested_members_are_named_by_their_path():
    assert "Value 'green' at 'inner.colour' failed" in refusal(Name="ab", Inner={"Colour": "green"})


def test_a_structure_in_a_list_is_named_by_its_position():
    assert "Value 'green' at 'items.2.member.colour' failed" in refusal(Name="ab", Items=[{}, {"Colour": "green"}])


def test_a_list_of_plain_values_is_shown_whole():
    assert refusal(Name="ab", Colours=["red", "green"]) == (
        "1 validation error detected: Value '[red, green]' at 'colours' failed to satisfy constraint: "
        "Member must satisfy constraint: [Member must satisfy enum value set: [red, blue], Member must not be null]"
    )


def test_map_keys_and_values_have_their_own_sentences():
    text = refusal(Name="ab", Weights={"A": 9})
    assert "Value '{A=9}' at 'weights' failed to satisfy constraint: Map keys must satisfy constraint: [" in text
    assert "Map value must satisfy constraint: [Member must have value less than or equal to 3" in text


def test_a_secret_is_never_repeated():
    text = refusal(Name="ab", Secret="hunter2")
    assert "Value at 'secret' failed" in text
    assert "hunter2" not in text


def test_patterns_match_the_whole_value():
    assert "pattern" in refusal(Name="ab1")


@pytest.mark.parametrize(("member", "fits"), [("MemorySize", 10_240), ("Timeout", 900)])
def test_ordinary_functions_keep_their_quota_where_the_model_allows_managed_instances_more(member, fits):
    constraints = lambda_constraints()
    constraints.check("UpdateFunctionConfiguration", {"FunctionName": "f", member: fits})
    with pytest.raises(AwsError, match=f"less than or equal to {fits}"):
        constraints.check("UpdateFunctionConfiguration", {"FunctionName": "f", member: fits + 1})


def test_java_character_classes_take_letters_of_every_script():
    constraints = lambda_constraints()
    arn = "arn:aws:lambda:us-east-1:111122223333:function:f"
    constraints.check("TagResource", {"Resource": arn, "Tags": {"größe": "日本 1"}})
    with pytest.raises(AwsError, match="Map keys"):
        constraints.check("TagResource", {"Resource": arn, "Tags": {"a;b": "x"}})
