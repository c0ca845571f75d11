"""A slider where somebody reads the notebook in Jupyter; its first position everywhere else."""

import os
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from wijkpeiling.errors import RunError
from wijkpeiling.parameters import OPEN_NOTEBOOK
from wijkpeiling.present.blocks import Piece

WIDGETS = "ipywidgets"


def move(show: Callable[[int], Piece], *, label: str, low: int, high: int, first: int, start: int | None = None) -> Any:
    """A slider with what it changes below it.

    Parameters
    ----------
    show
        From the position of the slider, what to show.
    label
        What is moved.
    low, high
        Ends of the slider.
    first
        Where it stands when a lesson is opened.
    start
        The parameter of the notebook: where it stands instead; None for ``first``.

    Returns
    -------
    Widget or Piece
        A widget where somebody has the notebook open and the extra ``learn`` is installed. Otherwise the piece at the
        first position, as any other: what is run by papermill holds no state of widgets.

    Raises
    ------
    RunError
        For a position that the slider does not have.
    """
    position = first if start is None else start
    if not low <= position <= high:
        raise RunError(
            f"parameter start is {position}",
            expected=f"a whole number from {low} to {high}, or None",
            todo="correct the value and run again",
        )
    if OPEN_NOTEBOOK not in os.environ or find_spec(WIDGETS) is None:
        return show(position)
    return _slider(show, label, low, high, position)


def _slider(show: Callable[[int], Piece], label: str, low: int, high: int, position: int) -> Any:
    import ipywidgets
    from IPython.display import display

    slider = ipywidgets.IntSlider(
        value=position,
        min=low,
        max=high,
        description=label,
        # a chart is drawn for each position that is let go of
        continuous_update=False,
        style={"description_width": "initial"},
        layout={"width": "100%"},
    )
    shown = ipywidgets.Output()

    def redraw(*_: object) -> None:
        with shown:
            shown.clear_output(wait=True)
            display(show(slider.value))

    slider.observe(redraw, names="value")
    redraw()
    return ipywidgets.VBox([slider, shown])
