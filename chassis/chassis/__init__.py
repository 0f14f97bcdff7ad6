"""The shared runtime of the EKIS services. No business word lives here."""
