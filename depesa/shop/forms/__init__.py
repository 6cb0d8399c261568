"""Forms of the shop: what visitors type, and what the desk sets up."""
