"""SQLite as Django knows it, but for one thing: a table that a migration makes anew keeps its triggers."""
