"""Pages of the shop, and those of the desk about it."""
