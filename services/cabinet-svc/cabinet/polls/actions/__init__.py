"""What is done with polls."""
