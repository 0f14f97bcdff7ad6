"""Contests and events: announced, entered, places given in order and freed, participants listed."""
