"""The platform every service stands on. It knows no service."""
