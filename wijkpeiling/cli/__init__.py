"""The command line."""

from wijkpeiling.cli import new as new
from wijkpeiling.cli.main import main as main
