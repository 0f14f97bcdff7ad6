"""What a poll is, what answers it takes, what its results show."""
