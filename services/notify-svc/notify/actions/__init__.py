"""DO: queue mails, take note of what became of them, answer the desk, forget people."""
