"""SQL of documents."""
