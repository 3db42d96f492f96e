"""A receipt was written for an order, and another for a salary that the function had no business to read."""

from autograder.checks.expect import expect


def _bucket(aws, lab):
    return lab.name("bucket").format(account=aws("sts").get_caller_identity()["Account"])


def test_the_function_was_seen_at_its_work_and_at_what_it_could_do(aws, lab):
    bucket = _bucket(aws, lab)
    found = {row["Key"] for row in aws("s3").list_objects_v2(Bucket=bucket).get("Contents", [])}
    expect("2026/A-1.txt" in found, f"There is no receipt for A-1 in {bucket}: ask the function for that order.")
    expect(
        "2026/ada.txt" in found,
        "No salary has come out yet: let the event ask for the kind salaries, and the entry ada.",
    )
