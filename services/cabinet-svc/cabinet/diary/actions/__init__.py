"""What the diary does, one file per aggregate."""
