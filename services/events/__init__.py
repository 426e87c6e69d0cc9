"""The festival: from its programme to the gate.

Organisers plan editions, activities and sessions, and release the schedule. People take seats in
sessions and courses, or wait for them, pay fees, and show their tickets at gates. Forums invite
guests, take papers and record outcomes. Organisers get figures, exports and announcements.
"""
