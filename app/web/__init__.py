"""HTTP: the edge of the system. Nothing below knows of it."""
