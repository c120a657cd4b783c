"""Stage 6, people: the lessons that make a team able to use, judge and improve its assistant."""
