"""Pages of the outbox: letters, decisions, channels."""
