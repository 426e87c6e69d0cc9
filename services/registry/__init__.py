"""People, sign-in, designers, creative spaces. See README.md in this folder."""
