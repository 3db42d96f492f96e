"""One call of one function."""
