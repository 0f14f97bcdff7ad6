"""Files that sections keep: uploaded first, attached by a section, else dropped. Every section may call it."""
