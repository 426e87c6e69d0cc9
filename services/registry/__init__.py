"""People and how they sign in, designers, creative spaces.

Every person signs in here, for all services. Designers write a profile; a registrar approves it,
and it stands in a public directory. Registrars describe creative spaces, in which sessions of the
festival are held.
"""
