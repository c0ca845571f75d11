"""The command line."""

from wijkpeiling.cli import intake as intake
from wijkpeiling.cli.main import main as main
