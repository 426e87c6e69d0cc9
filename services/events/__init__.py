"""The festival: editions, activities, sessions, places, tickets. See README.md in this folder."""
