"""Rules of statements: what stands in a sheet, how it is written, what is odd. Pure Python."""
