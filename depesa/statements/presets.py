"""The two tasks of the run, as the product brings them: code and name."""

from typing import Final

TASKS: Final = [
    ("form-statements", "Form the list of customers to be sent a list of invoices"),
    ("send-statement", "Sending the list of invoices"),
]
