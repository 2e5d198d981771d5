"""How fair the ranking is: simulated juries whose truth is known."""
