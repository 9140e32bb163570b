"""What one message says by itself: which of its words are new, and what its sentences do."""
