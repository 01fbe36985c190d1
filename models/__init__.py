"""What things are and what they may do: pure, no framework, no clock, no network."""
