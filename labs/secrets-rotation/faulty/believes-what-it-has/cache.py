deploy(
    PAY,
    PAY_ROLE,
    BANK_CLIENT
    + """
KEEP_S = float(os.environ["KEEP_S"])
kept = {"key": "", "until": 0.0}


def key(fresh=False):
    if fresh or time.monotonic() >= kept["until"]:
        kept["key"] = secrets.get_secret_value(
            SecretId=os.environ["SECRET"]
        )["SecretString"]
        kept["until"] = time.monotonic() + KEEP_S
    return kept["key"]


def handler(event, context):
    return charge(key(), event["order"])
""",
    SECRET=SECRET,
    KEEP_S="300",
)
print(pay("A-2"))
accepts("key-after-the-leak")
secrets.put_secret_value(SecretId=SECRET, SecretString="key-after-the-leak")
print(pay("A-3"))
lab.calls(PAY_ROLE)
