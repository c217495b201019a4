"""Doctor: is everything ready to send for real, in the DNS, on the way to the mail server, and on this machine?

Looks and tells; changes nothing. Not here: what is right (the rules), signing and sending (rendering, transports).
"""

from feeds.jobs.doctor.examining import DoctorReport, Plan, examine

__all__ = ["DoctorReport", "Plan", "examine"]
