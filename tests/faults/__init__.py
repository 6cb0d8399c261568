"""What a mail server and a machine can do to a letter, done on purpose."""
