"""What the pages of personal data show."""
