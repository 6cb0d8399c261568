"""What the product defines and nothing of it names, found by walking from what runs to what it names.

A name is followed to the module that defines it. An attribute, a word of a template and a string may name a member of
any class, so what is found here is dead, while of a member that shares its name with one alive nothing is said.
"""

import ast
import importlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.apps import AppConfig
from django.core.management import BaseCommand
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Choices, Model
from django.forms import BaseForm
from ninja import Schema

FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef
IN_TAGS = re.compile(r"\{[{%](.*?)[}%]\}", re.DOTALL)
WORD = re.compile(r"[A-Za-z_]\w*")
PATH = re.compile(r"depesa(\.\w+)+")
# Under these decorators something else calls what is decorated.
CALLED = re.compile(r"(register|router|events)\.")
# What Django, a server and our own registers look for in a module by its name.
LOOKED_FOR = {
    "urlpatterns", "app_name", "handler400", "handler403", "handler404", "handler500", "application", "app",
    "PLUG", "LANGUAGE", "DRAFTS", "STATES", "WAYS",
}  # fmt: skip
READ_WHOLE = re.compile(r"depesa\.(config\.settings|core\.formats\.\w+\.formats)")
# Members that nothing here names, and who does.
ASKED_FOR = {
    "process_view": "Django, before it calls a view",
    "process_exception": "Django, when a view raised",
    "handle_EHLO": "aiosmtpd",
    "from_db_value": "Django, of a field",
    "to_python": "Django, of a part of an address",
    "to_url": "Django, of a part of an address",
    "LANGUAGE_CODE": "Django, of a request",
    "USERNAME_FIELD": "Django, of a user",
    "EMAIL_FIELD": "Django, of a user",
    "is_staff": "allauth, of a user",
    "is_superuser": "allauth, of a user",
    "month_in_sentence": "the formatter, which makes the name from the kind of a period",
    "quarter_in_sentence": "the formatter, which makes the name from the kind of a period",
}
# Lists that stand whole although not every member is named.
WHOLE = {"depesa.outbox.rules.answers.Phase": "the steps of a delivery in their order"}
# Pseudo modules of names that may be of any class.
ATTRIBUTE, KEYWORD, AS_VALUE = "an attribute", "a keyword", "a module as a value"

type Name = tuple[str, str]  # a module and a name in it


@dataclass(eq=False)
class Definition:
    """Something with a name; `owner` is its class, empty at the top of a module."""

    module: str
    owner: str
    name: str
    names: set[Name]
    is_asked_for: bool  # by Django, the standard library or a library
    is_field: bool = False  # of a table: keywords of queries name it

    def __str__(self) -> str:
        return ".".join(filter(None, (self.module, self.owner, self.name)))

    @property
    def called(self) -> Iterator[Name]:
        """Yield by which names it may be meant."""
        if self.owner:
            yield ATTRIBUTE, self.name
            yield f"{self.module}.{self.owner}", self.name
            if self.is_field:
                yield KEYWORD, self.name
        else:
            yield self.module, self.name


@dataclass
class Module:
    """One file: what it defines, what runs when it is imported, and where its names came from."""

    name: str
    tree: ast.Module
    origins: dict[str, Name] = field(default_factory=dict)
    definitions: list[Definition] = field(default_factory=list)
    running: set[Name] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.origins = {name: (self.name, name) for node in self.tree.body for name in _defined(node)}
        self.origins |= {to: origin for node in ast.walk(self.tree) for to, origin in _imported(node)}

    def read(self) -> None:
        for node in self.tree.body:
            if isinstance(node, ast.ClassDef):
                self._read_class(node)
            elif names := _defined(node):
                for name in names:
                    is_asked_for = name in LOOKED_FOR or _is_called(node) or bool(READ_WHOLE.fullmatch(self.name))
                    self.definitions.append(Definition(self.name, "", name, self.names_in(node), is_asked_for))
            else:
                self.running |= self.names_in(node)

    def _read_class(self, node: ast.ClassDef) -> None:
        cls = getattr(importlib.import_module(self.name), node.name)
        members = [each for each in node.body if _defined(each)]
        around = [each for each in node.body if each not in members] + node.bases + node.decorator_list
        names = set().union(*map(self.names_in, around))
        self.definitions.append(
            Definition(
                self.name,
                "",
                node.name,
                names,
                _is_called(node) or issubclass(cls, BaseCommand | AppConfig | BaseDatabaseWrapper),
            )
        )
        for member in members:
            for name in _defined(member):
                is_asked_for = _is_called(member) or _is_asked_for(cls, name, isinstance(member, FUNCTIONS))
                names = self.names_in(member)
                if not isinstance(member, FUNCTIONS):  # it sees what its class defines
                    names |= {(ATTRIBUTE, each.id) for each in ast.walk(member) if isinstance(each, ast.Name)}
                self.definitions.append(
                    Definition(self.name, node.name, name, names, is_asked_for, issubclass(cls, Model))
                )

    def names_in(self, node: ast.AST) -> set[Name]:
        """Return what the node names, whatever is inside it."""
        inside = list(ast.walk(node))
        bases = {id(each.value) for each in inside if isinstance(each, ast.Attribute)}
        found = {name for each in inside for name in self._names_of(each)}
        loads = [each for each in inside if isinstance(each, ast.Name) and id(each) not in bases]
        return found | {(AS_VALUE, ".".join(self.origins[each.id])) for each in loads if each.id in self.origins}

    def _names_of(self, node: ast.AST) -> Iterator[Name]:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield self.origins.get(node.id, ("builtins", node.id))
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield ATTRIBUTE, node.attr
            if isinstance(node.value, ast.Name) and node.value.id in self.origins:
                yield ".".join(self.origins[node.value.id]), node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node.value in self.origins:  # cast("Caller", request)
                yield self.origins[node.value]
            if PATH.fullmatch(node.value):
                yield tuple(node.value.rsplit(".", 1))
            elif " " not in node.value:
                yield from ((ATTRIBUTE, word) for word in _words(node.value))
        elif isinstance(node, ast.keyword) and node.arg:
            yield from ((KEYWORD, word) for word in _words(node.arg))
        elif isinstance(node, ast.MatchClass):
            yield from ((ATTRIBUTE, name) for name in node.kwd_attrs)


def _words(text: str) -> Iterator[str]:
    for word in WORD.findall(text):
        yield word
        yield from word.split("__")


def _defined(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            found = targets
        case ast.AnnAssign(target=target):
            found = [target]
        case ast.TypeAlias(name=name):
            found = [name]
        case _:
            return []
    names = [each for target in found for each in ast.walk(target) if isinstance(each, ast.Name)]
    return [each.id for each in names if isinstance(each.ctx, ast.Store)]


def _imported(node: ast.AST) -> Iterator[tuple[str, Name]]:
    if isinstance(node, ast.ImportFrom) and node.module:
        yield from ((each.asname or each.name, (node.module, each.name)) for each in node.names)
    elif isinstance(node, ast.Import):
        yield from ((each.asname, tuple(each.name.rsplit(".", 1))) for each in node.names if each.asname)


def _is_called(node: ast.stmt) -> bool:
    return any(CALLED.match(ast.unparse(each)) for each in getattr(node, "decorator_list", ()))


def _is_asked_for(cls: type, name: str, is_function: bool) -> bool:
    is_whole = issubclass(cls, BaseForm | Choices | Schema) or f"{cls.__module__}.{cls.__qualname__}" in WHOLE
    if name in ASKED_FOR or (is_whole and not is_function):
        return True
    outside = [base for base in cls.__mro__[1:] if not base.__module__.startswith("depesa.") and base is not object]
    is_cleaning = issubclass(cls, BaseForm) and name.startswith("clean_")
    return is_cleaning or name.startswith("__") or name == "Meta" or any(name in dir(base) for base in outside)


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the code of a file."""
    return ast.parse(path.read_text())


def never_named(root: Path) -> list[str]:
    """Return what no part of the product names: functions, classes, their members, constants."""
    modules = [Module(_dotted(path.relative_to(root)), tree_of(path)) for path in _code(root)]
    modules = {module.name: module for module in modules}
    for module in modules.values():
        module.read()
    definitions = [each for module in modules.values() for each in module.definitions]
    live = {_home(name, modules) for module in modules.values() for name in module.running}
    live |= _named_in_templates(root) | {_home(name, modules) for name in _named_in_migrations(root)}
    live |= {(each.module, each.name) for each in definitions if each.is_asked_for and not each.owner}
    left = definitions
    while True:
        found = [each for each in left if _is_live(each, live)]
        if not found:
            return sorted(map(str, left))
        left = [each for each in left if each not in set(found)]
        live |= {_home(name, modules) for each in found for name in each.names}


def never_taken(root: Path) -> list[str]:
    """Return what packages pass on by importing it, and neither the product nor a test takes from them."""
    paths = [*(root / "depesa").rglob("*.py"), *(root / "tests").rglob("*.py"), root / "conftest.py"]
    modules = {path: Module(_dotted(path.relative_to(root)), tree_of(path)) for path in paths}
    named = {path: module.names_in(module.tree) for path, module in modules.items()}
    taken = set().union(*named.values())
    for module in modules.values():
        taken |= {origin for node in ast.walk(module.tree) for _name, origin in _imported(node)}
    return sorted(
        f"{module.name}.{name}"
        for path, module in modules.items()
        if path.name == "__init__.py"
        for name, origin in module.origins.items()
        if origin[0].startswith("depesa.") and origin[0] != module.name and (module.name, name) not in taken
        if origin not in named[path]
    )


def _is_live(each: Definition, live: set[Name]) -> bool:
    if each.owner and (each.module, each.owner) not in live:
        return False
    is_member = (AS_VALUE, each.module) in live and (ATTRIBUTE, each.name) in live
    return each.is_asked_for or is_member or any(name in live for name in each.called)


def _home(name: Name, modules: dict[str, Module]) -> Name:
    """Follow a name through the modules that pass it on to the one that defines it."""
    while (module := modules.get(name[0])) and module.origins.get(name[1], name) != name:
        name = module.origins[name[1]]
    return name


def _code(root: Path) -> Iterable[Path]:
    paths = sorted((root / "depesa").rglob("*.py"))
    return (path for path in paths if not {"migrations", "tests"} & set(path.relative_to(root).parts))


def _dotted(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _named_in_templates(root: Path) -> set[Name]:
    files = [path for path in (root / "depesa").rglob("templates/**/*") if path.is_file()]
    tags = [tag for path in files for tag in IN_TAGS.findall(path.read_text())]
    return {(ATTRIBUTE, word) for tag in tags for word in WORD.findall(tag)}


def _named_in_migrations(root: Path) -> Iterator[Name]:
    for path in (root / "depesa").rglob("migrations/*.py"):
        module = Module(_dotted(path.relative_to(root)), tree_of(path))
        yield from module.names_in(module.tree)
