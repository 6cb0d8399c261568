"""Pages of the monthly statements."""
