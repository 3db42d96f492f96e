"""What lab authors touch: checks of one step, their session with the account, their hints."""
