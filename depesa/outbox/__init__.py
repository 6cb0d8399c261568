"""Letters on their way out: sealed messages, one delivery per recipient, attempts, evidence, channels.

It promises that nothing committed is lost and nothing is doubled silently; why a letter exists is not its business.
"""
