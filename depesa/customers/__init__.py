"""Those we sell to: customers, their contacts and addresses, language and delivery wishes.

What they bought stands in documents; what was written to them stands in outbox and history.
"""
