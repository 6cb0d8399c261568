"""Czech: as Django writes it, with seconds left out and ISO dates understood."""

SHORT_DATE_FORMAT = "j. n. Y"
SHORT_DATETIME_FORMAT = "j. n. Y H:i"
DATETIME_FORMAT = "j. E Y H:i"
TIME_FORMAT = "H:i"
DATE_INPUT_FORMATS = ["%d.%m.%Y", "%d. %m. %Y", "%Y-%m-%d", "%d.%m.%y"]
