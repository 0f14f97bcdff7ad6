"""Which exams there are, what a row of a file means, and what may be told of a group."""
