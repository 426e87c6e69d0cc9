"""Printing: PDF files, HTML pages and QR codes, for every area above."""

from services.events.printing.pdf import Printer
from services.events.settings import Settings
from shared.service import Area, Platform


def build(platform: Platform[Settings]) -> Area:
    settings = platform.settings
    return Area(provides=[Printer(at_once=settings.papers_at_once, room=settings.papers_room)])
