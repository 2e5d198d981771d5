"""How fair the ranking is, in simulated juries whose true order is known."""
