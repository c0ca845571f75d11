"""Pieces of a YAML file, read and checked against a model."""

import re
from collections.abc import Hashable
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from wijkpeiling.errors import ProjectError, WijkpeilingError

Model = TypeVar("Model", bound=BaseModel)


class Record(BaseModel):
    """A piece of a YAML file: unknown keys are refused, values cannot be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Record):
    """The same words in every language of the reports."""

    nl: str
    en: str

    def __getitem__(self, language: str) -> str:
        return getattr(self, language)


def read_yaml(path: Path, model: type[Model], error: type[WijkpeilingError] = ProjectError) -> Model:
    """Read a YAML file and check it against ``model``.

    Raises
    ------
    WijkpeilingError
        Of class ``error``: with the file, the line where the YAML is broken or the key that is wrong.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _StrictLoader)
    except FileNotFoundError:
        raise error(
            f"{path.name} is missing", where=path.parent, todo=f"add {path.name}, or remove the folder"
        ) from None
    except UnicodeDecodeError:
        raise error("not UTF-8", where=path, expected="a YAML file in UTF-8", todo="save it again as UTF-8") from None
    except yaml.YAMLError as failure:
        mark = getattr(failure, "problem_mark", None)
        raise error(
            f"broken YAML: {getattr(failure, 'problem', None) or failure}",
            where=f"{path}, line {mark.line + 1}, column {mark.column + 1}" if mark else path,
            todo="correct the line; check indentation, colons and quotation marks",
        ) from None
    try:
        return model.model_validate(content)
    except ValidationError as failure:
        # a misspelt key is both unknown and missing: name what was written
        first = max(failure.errors(include_url=False), key=lambda fault: fault["type"] == "extra_forbidden")
        key = ".".join(str(part) for part in first["loc"]) or "the whole file"
        found = "" if first["type"] == "missing" else f", found {first['input']!r:.60}"
        raise error(
            f"{key}: {first['msg']}{found}",
            where=path,
            expected="the keys of " + model.__name__ + ": " + ", ".join(model.model_fields),
            todo="correct the key",
        ) from None


class _StrictLoader(yaml.SafeLoader):
    """Refuses a key that appears twice, which YAML itself lets pass with the last value; leaves dates to the model."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise yaml.constructor.ConstructorError(None, None, "a key that is no word", key_node.start_mark)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key!r} appears twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


_StrictLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
# yes and no are codes of answers; YAML 1.1 would make them booleans, as it would on and off
_StrictLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))
