"""What an online lesson, a link of a class and a piece of work may be."""
