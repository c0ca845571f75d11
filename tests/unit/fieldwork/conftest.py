"""The small project without its frame, and a server that has it."""

import cbsodata
import pytest

from tests.cbs_server import INHABITANTS, SILENCE, SOURCES, WHOLE, Server
from wijkpeiling.fieldwork import cbs


@pytest.fixture
def rows(mini):
    """The municipalities of the last wave of the small project as CBS writes them: padded, with suffixes."""
    _, *listed = mini.rows("population/frame_2027.csv")
    provincies = sorted({row[4] for row in listed})
    return [
        {
            "ID": number,
            "RegioS": code,
            "Code_1": f"{code}    ",
            "Naam_2": name + " (gemeente)" * (number % 2) + "   ",
            "Sorteringsnaam_3": name.upper(),
            "Code_14": "CR01",
            "Naam_15": "Overal",
            # the same for many: no codes of the municipalities themselves
            "Code_20": "GM9000    ",
            "Naam_21": "Ver weg",
            "Code_33": f"PV9{provincies.index(provincie)}    ",
            "Naam_34": f"{provincie} (PV)  ",
            "Inwonertal_57": INHABITANTS[size_class],
            "Omgevingsadressendichtheid_58": None,
        }
        for number, (_, code, name, size_class, provincie) in enumerate(listed)
    ]


@pytest.fixture
def server(rows, mini, monkeypatch):
    """The small project without its frame, and a server that has it."""
    server = Server(rows)
    (mini.raw / "population" / "sources.yml").write_text(SOURCES, encoding="utf-8")
    (mini.raw / "population" / "frame_2027.csv").rename(mini.root / "kept.csv")
    monkeypatch.setattr(cbsodata.options, "use_https", False)
    monkeypatch.setattr(cbsodata.options, "catalog_url", server.place)
    for name, value in {"SILENCE": SILENCE, "WHOLE": WHOLE, "WAITS": (0.0, 0.0)}.items():
        monkeypatch.setattr(cbs, name, value)
    yield server
    server.http.shutdown()
    server.http.server_close()
