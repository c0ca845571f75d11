"""Here the data of the project itself are read, not the five waves that the other tests stand on."""

import pytest

from wijkpeiling.project import Project
from wijkpeiling.published import read_published
from wijkpeiling.sources.edition import Sources
from wijkpeiling.synthetic.answers import synthesize


# each of them again: a fixture that tests share keeps what it was first made of
@pytest.fixture(scope="session")
def project(root) -> Project:
    return Project(root)


@pytest.fixture(scope="session")
def published(project):
    return read_published(project)


@pytest.fixture(scope="session")
def sources(published) -> Sources:
    return Sources(published)


@pytest.fixture(scope="session")
def invented(published) -> Sources:
    return Sources(published, synthesize(published))
