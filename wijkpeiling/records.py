"""Pieces of a YAML file, read and checked against a model."""

import re
from collections.abc import Hashable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, model_validator

from wijkpeiling.errors import ProjectError, WijkpeilingError
from wijkpeiling.files import MEGABYTE, read_text

Model = TypeVar("Model", bound=BaseModel)
LARGEST = MEGABYTE
GROUPED = re.compile(r"[-+]?\d+(_\d+)+")
# as one writes it: no underscores, no zeros in front, no more digits than a count has
NUMBER = re.compile(r"[-+]?(0|[1-9]\d{0,14})(\.\d{1,15})?([eE][-+]?\d{1,3})?")


class Record(BaseModel):
    """A piece of a YAML file: unknown keys are refused, values cannot be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _truths_where_they_belong(cls, content: Any) -> Any:
        # pydantic reads true as 1 where a number belongs
        for name, field in cls.model_fields.items() if isinstance(content, dict) else ():
            value = content.get(name)
            if field.annotation not in (bool, Any) and any(isinstance(part, bool) for part in [value, *_parts(value)]):
                raise ValueError(f"{name}: true or false where neither belongs")
        return content


def _parts(value: object) -> Iterable[object]:
    """Elements of a list, keys of a mapping."""
    return value if isinstance(value, list | tuple | dict) else ()


def each_once(names: Sequence[str]) -> Sequence[str]:
    """Refuse names that appear twice in a list."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{', '.join(twice)} twice")
    return names


Slugs = Annotated[tuple[str, ...], AfterValidator(each_once)]


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
    keys = "the keys of " + model.__name__ + ": " + ", ".join(model.model_fields)
    text = read_text(path, error, largest=LARGEST, missing=f"add {path.name}, or remove the folder")
    try:
        return _record(text, model)
    except yaml.YAMLError as failure:
        mark = getattr(failure, "problem_mark", None)
        raise error(
            f"broken YAML: {getattr(failure, 'problem', None) or failure}",
            where=f"{path}, line {mark.line + 1}, column {mark.column + 1}" if mark else path,
            todo="correct the line; check indentation, colons and quotation marks",
        ) from None
    except RecursionError:
        raise error(
            "lists or keys within each other, too many deep",
            where=path,
            expected=keys,
            todo="restore the file",
        ) from None
    except ValidationError as failure:
        # a misspelt key is both unknown and missing: name what was written
        first = max(failure.errors(include_url=False), key=lambda fault: fault["type"] == "extra_forbidden")
        key = ".".join(str(part) for part in first["loc"]) or "the whole file"
        found = "" if first["type"] == "missing" else f", found {first['input']!r:.60}"
        raise error(
            f"{key}: {first['msg']}{found}",
            where=path,
            expected=keys,
            todo="correct the key",
        ) from None


# parsing takes most of the time to open a project, and the same text gives the same record, which nothing changes
@lru_cache(maxsize=64)
def _record(text: str, model: type[Model]) -> Model:
    return model.model_validate(yaml.load(text, _StrictLoader))


class _StrictLoader(yaml.SafeLoader):
    """YAML without what surprises: a key that appears twice, an alias, a tag, ``010`` as 8 and ``1_00`` as 100.

    Dates are left to the model.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent):
            # a few lines of aliases of aliases can stand for more than fits in memory
            raise _refusal("an alias (*) instead of the words themselves", event)
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise _refusal(f"a tag ({tag})", event)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise _refusal("a key that is no word", key_node)
            if key in seen:
                raise _refusal(f"{key!r:.60} appears twice", key_node)
            seen.add(key)
        return super().construct_mapping(node, deep)

    def construct_number(self, node: yaml.ScalarNode) -> int | float:
        text = str(self.construct_scalar(node))
        if not NUMBER.fullmatch(text):
            raise _refusal(f"{text!r:.60} is not written as a number", node)
        return float(text) if set(text) & set(".eE") else int(text)

    def construct_word(self, node: yaml.ScalarNode) -> str:
        text = str(self.construct_scalar(node))
        if GROUPED.fullmatch(text):
            # a model would read "1_00" as 100
            raise _refusal(f"{text!r:.60} has underscores between its digits", node)
        return text


def _refusal(problem: str, place: Any) -> yaml.MarkedYAMLError:
    return yaml.constructor.ConstructorError(None, None, problem, place.start_mark)


for tag in ("int", "float"):
    _StrictLoader.add_constructor(f"tag:yaml.org,2002:{tag}", _StrictLoader.construct_number)
_StrictLoader.add_constructor("tag:yaml.org,2002:str", _StrictLoader.construct_word)
_StrictLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
# yes and no are codes of answers; YAML 1.1 would make them booleans, as it would on and off
_StrictLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))
