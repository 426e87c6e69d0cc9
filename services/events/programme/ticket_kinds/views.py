"""What the kinds of tickets are called on tickets."""

from services.events.programme.ticket_kinds.rules import TicketKind
from shared.text import Language

NAMES: dict[Language, dict[TicketKind, str]] = {
    "vi": {
        TicketKind.GENERAL: "Vé thường",
        TicketKind.INVITED: "Khách mời",
        TicketKind.PRESS: "Báo chí",
        TicketKind.WHEELCHAIR: "Người dùng xe lăn",
        TicketKind.CHILD: "Trẻ em",
    },
    "en": {
        TicketKind.GENERAL: "General admission",
        TicketKind.INVITED: "Invited guest",
        TicketKind.PRESS: "Press",
        TicketKind.WHEELCHAIR: "Wheelchair user",
        TicketKind.CHILD: "Child",
    },
}
