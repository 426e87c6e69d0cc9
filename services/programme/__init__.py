"""What the city has promised and how far it is. See README.md in this folder."""
