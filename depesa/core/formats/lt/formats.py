"""Lithuanian: year first, 24 hours."""

# "2011 m. birželio mėn." needs no other case in a sentence; "birželis" would.
YEAR_MONTH_FORMAT = r"Y \m. E \mė\n."
SHORT_DATE_FORMAT = "Y-m-d"
SHORT_DATETIME_FORMAT = "Y-m-d H:i"
TIME_FORMAT = "H:i"
THOUSAND_SEPARATOR = "\N{NO-BREAK SPACE}"
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%Y.%m.%d", "%Y %m %d", "%d.%m.%Y"]
