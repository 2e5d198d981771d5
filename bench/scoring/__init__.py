"""How long a mark takes while thirty jurors save at once."""
