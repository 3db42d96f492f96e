"""Called asynchronously for every parcel that leaves: one notice to the customer."""

import json
import os

import boto3

TOPIC_ARN = os.environ["TOPIC_ARN"]
sns = boto3.client("sns")


def handler(event, context):
    notice = {"order": event["order"], "label": event["label"]}
    sns.publish(TopicArn=TOPIC_ARN, Message=json.dumps(notice))
    print(json.dumps({"level": "INFO", "said": "told", "order": event["order"]}))
