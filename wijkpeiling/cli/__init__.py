"""The command line."""

from wijkpeiling.cli import export as export
from wijkpeiling.cli import frame as frame
from wijkpeiling.cli.main import main as main
