"""Work that nobody waits for, in transactions of its own: deadlines, and the seed command."""
