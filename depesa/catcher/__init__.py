"""The mail catcher: a real SMTP server that keeps every letter and shows it as a mail program would.

Used by the demo and for trying out a run safely. Nothing that it takes ever goes further.
"""
