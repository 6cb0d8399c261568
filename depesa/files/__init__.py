"""Strangers' files: PDF, pictures and workbooks are opened in a process apart, within limits of memory and time.

What is opened there may hang, grow or crash: the process ends, its caller is told in a sentence, the next file finds
another one. It knows no word of the trade; whoever needs a file opened gives the function that opens it.
"""
