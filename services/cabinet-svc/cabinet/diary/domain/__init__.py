"""What the diary decides, one file per subject."""
