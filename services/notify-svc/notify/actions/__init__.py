"""DO: the use-cases of notify. Accounts are locked in the order of their ids, before anything about them."""
