"""A soak: clerks, workers, imports and a month that is formed, all at once on one database, without an error."""
