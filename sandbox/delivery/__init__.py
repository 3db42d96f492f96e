"""What happens to asynchronous events."""
