"""Who deals with an event: a row a version of an object, so that a second delivery does nothing twice."""

import time
from contextlib import contextmanager
from dataclasses import dataclass

WORK_S_MAX = 120
KEEP_S = 7 * 24 * 3600


class InProgress(Exception):
    """Another invocation holds the claim; Lambda's next attempt finds it done, or free."""


@dataclass
class Claim:
    done: bool


class Claims:
    """A claim is kept when the work is done and given back when it failed, so that a retry may succeed."""

    def __init__(self, dynamodb, table):
        self._dynamodb = dynamodb
        self._table = table

    @contextmanager
    def claim(self, claim_id, owner):
        if not self._taken(claim_id, owner):
            yield Claim(done=True)
            return
        try:
            yield Claim(done=False)
        except BaseException:
            self._dynamodb.delete_item(TableName=self._table, Key={"id": {"S": claim_id}})
            raise
        self._put(claim_id, owner, "done", KEEP_S)

    def _taken(self, claim_id, owner):
        """True when it is ours now, False when the work is done; InProgress when somebody else is at it."""
        try:
            self._put(
                claim_id,
                owner,
                "started",
                WORK_S_MAX,
                ConditionExpression="attribute_not_exists(id) OR (#state = :started AND (#owner = :owner OR expires < :now))",
                ExpressionAttributeNames={"#state": "state", "#owner": "owner"},
                ExpressionAttributeValues={
                    ":started": {"S": "started"},
                    ":owner": {"S": owner},
                    ":now": {"N": str(int(time.time()))},
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException as error:
            if error.response["Item"]["state"]["S"] == "done":
                return False
            raise InProgress(claim_id) from error
        return True

    def _put(self, claim_id, owner, state, seconds, **conditions):
        item = {
            "id": {"S": claim_id},
            "owner": {"S": owner},
            "state": {"S": state},
            "expires": {"N": str(int(time.time()) + seconds)},
        }
        self._dynamodb.put_item(TableName=self._table, Item=item, **conditions)
