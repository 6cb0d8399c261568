"""Depesa, the correspondence desk of a trader.

Every order, document and letter to a customer lives in one place, and every letter that the
customer should get leaves exactly once, with proof. See ARCHITECTURE.md for the map.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("depesa")
except PackageNotFoundError:  # a checkout that was never installed
    __version__ = "0"
