"""Blanks, umlauts and plus signs in a key arrive as they were given."""

from autograder.checks.expect import expect


def test_any_name_becomes_a_thumbnail_of_the_same_name(aws, session):
    account = aws("sts").get_caller_identity()["Account"]
    s3 = aws("s3")
    source, target = f"photos-in-{account}", f"photos-out-{account}"
    given = ["two words.png", "Grüße.png", "one+one.png", "100%25.png"]
    for key in given:
        s3.copy_object(Bucket=source, Key=key, CopySource={"Bucket": source, "Key": "check/green.png"})
    session.wait(10)
    keys = {row["Key"] for row in s3.list_objects_v2(Bucket=target).get("Contents", [])}
    missing = [key for key in given if f"thumbs/{key}" not in keys]
    expect(not missing, f"No thumbnail came for {', '.join(missing)}: the key in the event is encoded.")
