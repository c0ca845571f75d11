#!/bin/sh
# The .sav (and, with haven, the .dta) of an export in R: labels, missing values, and every answer as it went in.
# With PSPP the .sps as well.
set -eu
cd "$(dirname "$0")/../.."
HINT='apt-get install r-base-core r-cran-foreign (Debian; r-cran-haven reads the .dta as well), or install.packages("foreign") in R'
command -v Rscript >/dev/null || { echo "R is missing: $HINT" >&2; exit 1; }
Rscript -e 'quit(status = !requireNamespace("foreign", quietly = TRUE))' || { echo "R's package foreign is missing: $HINT" >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for format in sav dta csv; do
	.venv/bin/wijkpeiling export 2027 --to $format --language en --project tests/data/mini --output "$folder/answers.$format" >/dev/null
done
Rscript tests/reference/exchange.R "$folder"
if command -v pspp >/dev/null; then
	(cd "$folder" && pspp -o syntax.txt answers.sps) || { cat "$folder/syntax.txt" >&2; exit 1; }
	sets=$(grep -c '^|[$]' "$folder/syntax.txt")
	echo "PSPP, .sps: $sets multiple response sets, no error"
else
	echo "PSPP is not installed (apt-get install pspp): the .sps was not run"
fi
