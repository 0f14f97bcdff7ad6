"""identity-svc: account requests, accounts, credentials, sessions."""
