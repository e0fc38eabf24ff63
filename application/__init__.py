"""What one can ask: commands that change, questions that read."""
