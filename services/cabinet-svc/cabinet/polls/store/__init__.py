"""SQL of polls."""
