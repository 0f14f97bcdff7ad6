"""What is done to online lessons, and around them."""
