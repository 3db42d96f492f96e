"""Step Functions: state machines in the Amazon States Language (JSONPath), executed on the account's clock."""
