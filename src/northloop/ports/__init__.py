"""What the stages need from outside, as small protocols. Implementations live in `adapters`."""
