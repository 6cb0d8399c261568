"""Rules of the API: signatures, patience, addresses, what other shops say. Pure Python."""
