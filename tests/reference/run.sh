#!/bin/sh
# Regenerates reference.csv with R.
set -eu
if ! command -v Rscript >/dev/null || ! Rscript -e 'library(survey)' >/dev/null 2>&1; then
    echo "R with the package survey is missing: apt-get install r-base-core r-cran-survey (Debian), or install.packages('survey') in R" >&2
    exit 1
fi
exec Rscript "$(dirname "$0")/reference.R"
