"""A virtual private cloud as far as packets care: whether a connection that starts in a subnet has a way to where it goes."""
