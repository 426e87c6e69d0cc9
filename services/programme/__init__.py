"""What the city has promised, and how much of it is done.

The city's dossier for the UNESCO Creative Cities Network names initiatives. Officers plan work
items for them, each with one agency that leads it and a date. Indicators are counted from what
happens on the platform.
"""
