"""What happens when someone acts."""
