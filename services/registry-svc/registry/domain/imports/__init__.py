"""The feed: what a file is, what its cells mean, and the verdict on every row."""
