"""The lessons by their notebook: a lesson more is a line here."""

from collections.abc import Mapping
from types import ModuleType

from wijkpeiling.lessons import census, change, confidentiality, many, nonresponse, rounding

# each has EXERCISES, and ``questions``, which asks them with the numbers of an opened lesson
LESSONS: Mapping[str, ModuleType] = {
    "01_iedereen_gevraagd": census,
    "02_afgerond_percentage": rounding,
    "03_wie_antwoordde_niet": nonresponse,
    "04_twee_peilingen": change,
    "05_veel_vragen": many,
    "06_vertrouwelijk": confidentiality,
}
