"""Texts as people type or paste them, before they are kept."""


def one_line(text: str) -> str:
    """Return the text as it may stand on one line: line breaks become a blank, hidden characters go."""
    if text.isprintable():
        return text.strip()
    return " ".join("".join(c if c.isprintable() else " " * c.isspace() for c in text).split())
