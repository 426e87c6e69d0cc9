"""E-mail and SMS to participants.

The other services tell this one what happened; it decides who must hear of it, writes to them in
their language, and keeps a log of what was sent. Texts are not kept.
"""
