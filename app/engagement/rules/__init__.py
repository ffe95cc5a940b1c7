"""What an engagement is, and how those that were recorded are announced."""
