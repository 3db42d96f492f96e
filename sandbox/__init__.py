"""One AWS account on one machine."""
