"""Evidence about what a stack may do, taken from its policies by asking, not by reading them."""
