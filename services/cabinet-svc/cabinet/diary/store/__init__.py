"""SQL of the diary, one file per aggregate."""
