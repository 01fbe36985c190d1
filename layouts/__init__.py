"""What it looks like: pure functions from snapshots to components."""
