"""The function has a dead-letter queue, and its role may write to that queue and do nothing else there."""

from autograder.checks.expect import expect


def test_the_function_gives_up_into_the_queue(aws, lab):
    configuration = aws("lambda").get_function_configuration(FunctionName=lab.name("function"))
    target = configuration.get("DeadLetterConfig", {}).get("TargetArn", "")
    expect(target.endswith(f":{lab.name('queue')}"), f"The function's dead-letter target is {target or 'not set'}.")


def test_the_role_may_send_to_this_queue_and_nothing_else(aws, lab, session):
    iam = aws("iam")
    role = iam.get_role(RoleName=lab.name("role"))["Role"]["Arn"]
    prefix = f"arn:aws:sqs:{session.region}:{role.split(':')[4]}"

    def may(action: str, queue: str) -> bool:
        answer = iam.simulate_principal_policy(PolicySourceArn=role, ActionNames=[action], ResourceArns=[f"{prefix}:{queue}"])
        return answer["EvaluationResults"][0]["EvalDecision"] == "allowed"

    own = lab.name("queue")
    expect(may("sqs:SendMessage", own), "The role does not allow sqs:SendMessage on the queue: dead letters would be lost.")
    expect(not may("sqs:SendMessage", "another-queue"), "The role may write to other queues too: name this queue's ARN.")
    expect(not may("sqs:DeleteMessage", own), "The role may delete messages: the worker only ever has to send here.")
