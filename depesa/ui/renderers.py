"""What forms write by the hundred on one page, inputs and options: without a template for each."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, override

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

_FOLDER: Final = "django/forms/widgets/"
INPUTS: Final = frozenset(
    f"{_FOLDER}{name}.html"
    for name in ("checkbox", "date", "email", "hidden", "input", "number", "password", "text", "time", "url")
)
SELECT: Final = f"{_FOLDER}select.html"


class FormRenderer(DjangoTemplates):
    """Django's, to the letter; a list of countries by templates took as long as the rest of its page."""

    @override
    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        if template_name in INPUTS:
            return SafeString(_input(context["widget"]))
        if template_name == SELECT:
            return SafeString("".join(_select(context["widget"])))
        return SafeString(super().render(template_name, context, request))


def _input(widget: Mapping[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{conditional_escape(widget["value"])}"'
    kind, name = conditional_escape(widget["type"]), conditional_escape(widget["name"])
    return f'<input type="{kind}" name="{name}"{value}{_attributes(widget)}>'


def _select(widget: Mapping[str, Any]) -> Iterator[str]:
    yield f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget)}>'
    for group, options, _index in widget["optgroups"]:
        if group:
            yield f'\n  <optgroup label="{conditional_escape(group)}">'
        for option in options:
            value, label = conditional_escape(option["value"]), conditional_escape(option["label"])
            yield f'\n  <option value="{value}"{_attributes(option)}>{label}</option>\n'
        if group:
            yield "\n  </optgroup>"
    yield "\n</select>"


def _attributes(widget: Mapping[str, Any]) -> str:
    shown = ((conditional_escape(name), value) for name, value in widget["attrs"].items() if value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{conditional_escape(value)}"' for name, value in shown)
