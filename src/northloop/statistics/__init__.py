"""The mathematics of decisions: pure functions on arrays. It knows no ticket and no model."""
