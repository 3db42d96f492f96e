"""Creating is slowed down, reading is not."""

from autograder.checks.expect import expect

JSON = {"content-type": "application/json"}

CALLS = 25


def test_creating_is_slowed_down_and_reading_is_not(aws, lab, session, http):
    endpoint = next(row["ApiEndpoint"] for row in aws("apigatewayv2").get_apis()["Items"] if row["Name"] == lab.name("api"))
    session.wait(10)
    codes = [http(f"{endpoint}/parts", method="POST", headers=JSON, body=b"{}").status for _ in range(CALLS)]
    expect(429 in codes, f"{CALLS} creations in a row were all let through ({codes.count(400)} times 400).")
    expect(codes[0] != 429, "The very first creation is turned away: the limit lets nobody create anything.")
    codes = [http(f"{endpoint}/parts").status for _ in range(CALLS)]
    expect(429 not in codes, f"Of {CALLS} readers {codes.count(429)} were turned away: the limit is for creating only.")
