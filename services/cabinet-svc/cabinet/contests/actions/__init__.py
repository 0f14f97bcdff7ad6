"""What is done with contests and entries."""
