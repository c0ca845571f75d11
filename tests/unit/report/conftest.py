"""Reports of editions, made of what the notebooks show, without a kernel."""

from functools import cache

import pytest

from wijkpeiling.present.blocks import MIME
from wijkpeiling.report.model import assemble


@pytest.fixture(scope="session")
def edition_report(notebooks, shown):
    """The report of an edition: ``edition_report(2019, "en", "synthetic")``."""

    def sections(wave, language, source):
        for name, pieces in shown(wave, None, language, source).items():
            texts = [cell | {"source": "".join(cell["source"])} for cell in notebooks[name]["cells"]]
            outputs = [{"data": {MIME: piece.model_dump(mode="json")}} for piece in pieces]
            code = {"cell_type": "code", "metadata": {}, "source": "", "outputs": outputs}
            yield name, {"cells": [cell for cell in texts if cell["cell_type"] == "markdown"] + [code]}

    return cache(lambda wave, language, source: assemble(dict(sections(wave, language, source)), language).report)
