"""What the services tell each other. One file per producing service; see base.py for the form."""
