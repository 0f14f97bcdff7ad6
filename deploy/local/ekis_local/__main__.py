"""`python -m ekis_local`."""

from ekis_local.cli import main

main()
