"""Pages of teams: the student's own (`student`) and the organizers' list (`organizers`)."""
