"""Evidence, then points."""
