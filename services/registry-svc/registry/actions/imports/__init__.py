"""The feed: jobs, and what a batch of rows does to schools and to the staff roll."""
