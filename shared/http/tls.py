"""Whom a client trusts: the usual authorities, whose certificates are read once for a process.

httpx would read them for every client that is made, and that takes 70 ms each time.
"""

import functools

import httpx

trusted_authorities = functools.cache(httpx.create_ssl_context)
