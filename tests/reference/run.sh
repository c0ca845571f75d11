#!/bin/sh
# Regenerates reference.csv with R; survey calibrates with MASS, which Debian installs apart.
set -eu
command -v Rscript >/dev/null || {
	echo "R is missing: apt-get install r-base-core r-cran-survey r-cran-mass (Debian)" >&2
	exit 1
}
for package in survey MASS; do
	Rscript -e "quit(status = !requireNamespace('$package', quietly = TRUE))" || {
		debian=r-cran-$(echo "$package" | tr '[:upper:]' '[:lower:]')
		echo "R's package $package is missing: apt-get install $debian (Debian), or install.packages('$package') in R" >&2
		exit 1
	}
done
exec Rscript "$(dirname "$0")/reference.R"
