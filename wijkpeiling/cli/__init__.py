"""The command line."""

from wijkpeiling.cli import export as export
from wijkpeiling.cli import frame as frame
from wijkpeiling.cli import intake as intake
from wijkpeiling.cli import lessons as lessons
from wijkpeiling.cli import new as new
from wijkpeiling.cli import publish as publish
from wijkpeiling.cli import questionnaire as questionnaire
from wijkpeiling.cli.main import main as main
