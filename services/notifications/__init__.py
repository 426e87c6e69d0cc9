"""E-mail and SMS to participants. See README.md in this folder."""
