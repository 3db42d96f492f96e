"""What an operator sees: logs, metrics, calls, timeline."""
