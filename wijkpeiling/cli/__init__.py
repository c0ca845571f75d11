"""The command line."""

from wijkpeiling.cli.main import main as main
