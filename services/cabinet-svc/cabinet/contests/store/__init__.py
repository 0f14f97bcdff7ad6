"""SQL of contests and entries."""
