"""Orders: the container of one deal, with customer snapshot, items, state, documents and letters.

It does not render, seal or deliver; it decides what is to be rendered, sealed and delivered.
"""
