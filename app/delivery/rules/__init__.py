"""What is sent, by which port, and when it is tried again (`sending`); how it looks when written down (`writing`)."""
