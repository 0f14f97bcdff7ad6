"""DO: the use-cases of the registry. None opens or ends a transaction."""
