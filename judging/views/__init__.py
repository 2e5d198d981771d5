"""Pages of the juries, of those who organize them, and of everybody."""
