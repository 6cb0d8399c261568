"""Forms of the shop: what visitors type, and what the desk sets up."""

from typing import Any

from django import forms


def show(form: forms.BaseForm, faults: dict[str, Any]) -> None:
    """Show what a service refused at its field, or above the form where the form has no such field."""
    for name, sentence in faults.items():
        form.add_error(name if name in form.fields else None, sentence)
