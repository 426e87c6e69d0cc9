"""What the city has promised, and how much of it is done. See README.md in this folder."""
