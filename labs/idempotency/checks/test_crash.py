"""What failed is done by the retry, and what was done is not done again."""

import json

from autograder.checks.expect import expect


def _invoke(aws, lab):
    event = {"order": "check-crash", "kind": "charge", "customer": "check-crash", "cents": 300, "sent_at": "10:00"}
    answer = aws("lambda").invoke(FunctionName=lab.name("function"), Payload=json.dumps(event).encode())
    return answer.get("FunctionError")


def _owes(aws, lab, customer):
    key = {"customer": {"S": customer}}
    item = aws("dynamodb").get_item(TableName=lab.name("ledger"), Key=key, ConsistentRead=True).get("Item", {})
    return int(item.get("cents", {"N": "0"})["N"])


def test_the_retry_did_what_the_first_attempt_could_not(aws, lab):
    owed = _owes(aws, lab, "C-1")
    expect(
        owed == 500,
        f"C-1 owes {owed} cents and should owe 500. The first attempt failed and its retry comes after a minute: has that "
        "passed, and what does the retry find?",
    )


def test_a_failure_is_a_failure_every_time_and_done_is_done(aws, lab):
    dynamodb, memory = aws("dynamodb"), lab.name("memory")
    for item in dynamodb.scan(TableName=memory, ConsistentRead=True)["Items"]:
        if "check-crash" in item["id"]["S"]:
            dynamodb.delete_item(TableName=memory, Key={"id": item["id"]})
    # DynamoDB adds no number to a text: the charge is refused until the balance is a number.
    key = {"customer": {"S": "check-crash"}}
    dynamodb.put_item(TableName=lab.name("ledger"), Item={**key, "cents": {"S": "nothing yet"}})
    expect(_invoke(aws, lab), "A charge that DynamoDB refused ended as if all were well: nobody will try it again.")
    expect(_invoke(aws, lab), "A charge failed, and its second attempt was told that it is done already.")
    dynamodb.put_item(TableName=lab.name("ledger"), Item={**key, "cents": {"N": "0"}})
    expect(not _invoke(aws, lab), "After two failed attempts the third, which could be charged, failed too.")
    _invoke(aws, lab)
    owed = _owes(aws, lab, "check-crash")
    expect(owed == 300, f"An order of 300 cents that came twice makes the customer owe {owed}: keep the note of what was done.")
