"""Online lessons: planned and given by teachers, joined and answered by pupils without an account."""
