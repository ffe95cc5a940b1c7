"""What happened on channels, as one timeline."""
