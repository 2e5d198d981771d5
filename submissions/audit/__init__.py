"""Looking whether what was received is still there, and still what it was. Nothing here writes."""
