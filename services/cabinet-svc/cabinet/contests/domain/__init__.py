"""What contests and entries may do, and when."""
