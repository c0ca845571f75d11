"""matplotlib and seaborn as their authors ship them: nobody's settings get into a publication.

matplotlib reads a ``matplotlibrc`` and a backend while it is imported, first from the current folder, and a broken one
ends the import. So it is imported from the folder of this file, which holds an empty one.
"""

import os
from contextlib import chdir
from pathlib import Path

# the backend that a notebook needs to show the plots of whoever explores there
INLINE = "module://matplotlib_inline.backend_inline"

_backend = os.environ.pop("MPLBACKEND", None)
if _backend == INLINE:
    os.environ["MPLBACKEND"] = INLINE
try:
    with chdir(Path(__file__).parent):
        import seaborn as sns
        from matplotlib import font_manager, rcParams
        from matplotlib.axes import Axes
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from matplotlib.style import context as drawing_with
finally:
    if _backend is not None:
        os.environ["MPLBACKEND"] = _backend

__all__ = ["Axes", "Figure", "FigureCanvasAgg", "drawing_with", "font_manager", "rcParams", "sns"]
