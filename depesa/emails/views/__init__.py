"""Pages of system e-mails."""
