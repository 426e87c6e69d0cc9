"""Calls, entries, juries, decisions. See README.md in this folder."""
