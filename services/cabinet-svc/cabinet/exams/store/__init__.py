"""SQL of exam results."""
