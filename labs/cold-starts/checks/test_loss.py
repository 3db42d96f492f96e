"""Numbers go on when environments end, by a change or by a loss."""

import json

from autograder.checks.expect import expect


def _restart(aws, lab):
    client, function = aws("lambda"), lab.name("function")
    revision = client.get_function_configuration(FunctionName=function)["RevisionId"]
    client.update_function_configuration(FunctionName=function, Description=f"checked after {revision}")
    client.get_waiter("function_updated_v2").wait(FunctionName=function)


def _number(aws, lab):
    answer = aws("lambda").invoke(FunctionName=lab.name("function"), Payload=b'{"room": "single"}')
    said = json.loads(answer["Payload"].read())
    number = said.get("number") if isinstance(said, dict) else None
    expect(isinstance(number, int), f"An offer has a number and cents; the function says: {said}")
    return number


def test_no_number_comes_twice(aws, lab, session):
    numbers = [_number(aws, lab), _number(aws, lab)]
    _restart(aws, lab)
    numbers.append(_number(aws, lab))
    with session.broken(kind="environment", resource=f"*:function:{lab.name('function')}", when="end", count=1) as broken:
        if broken:
            aws("lambda").invoke(FunctionName=lab.name("function"), Payload=b'{"room": "single"}')
    numbers.append(_number(aws, lab))
    expect(
        numbers == sorted(set(numbers)),
        f"Two calls, a new environment, a third call, a loss, a fourth: their offers have the numbers {numbers}. "
        "Keep the number where no environment can lose it.",
    )
