"""DO: the use-cases of identity. Locks are taken in one order everywhere: request, staff record, account."""
