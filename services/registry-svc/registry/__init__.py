"""registry-svc: schools, applications for entry, the staff roll, verdicts on account requests."""
