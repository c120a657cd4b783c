"""The six stages of the loop, and the people who close it; they know nothing of each other."""
