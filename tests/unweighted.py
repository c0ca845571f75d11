"""The project with waves of which ``wave.yml`` says that answers are not weighed."""

from wijkpeiling.project import Project


class Unweighted(Project):
    """Every wave unweighted."""

    unweighted: tuple[int, ...] | None = None

    @property
    def waves(self):
        return {
            year: wave.model_copy(update={"weighting": "none"}) if self._is_unweighted(year) else wave
            for year, wave in super().waves.items()
        }

    def _is_unweighted(self, year):
        return self.unweighted is None or year in self.unweighted
