"""The command line."""

from wijkpeiling.cli import questionnaire as questionnaire
from wijkpeiling.cli.main import main as main
