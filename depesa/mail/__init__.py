"""What an e-mail is: addresses, headers, parsing, the words of its HTML, and a safe view of a sealed letter.

It reads and checks; it neither writes a letter nor sends one.
"""
