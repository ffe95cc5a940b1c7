"""What is held of a person, table by table (`holdings`), and all of it at once (`export`)."""
