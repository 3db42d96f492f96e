print(run({"order": "X-9"}))
needed = [statement for statement in needed if statement["Sid"] != "TellProblems"]
needed.append({"Sid": "TellProblems", "Action": "sqs:SendMessage", "Resource": queue_arn})
give(*needed)
print(run({"order": "X-9"}))
lab.calls(ROLE)
