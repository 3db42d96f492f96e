"""CodeDeploy for Lambda: an alias's traffic moved to a new version step by step, with hooks, alarms and a way back."""
