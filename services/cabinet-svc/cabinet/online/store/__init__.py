"""SQL of online learning."""
