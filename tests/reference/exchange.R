# What R makes of the files that `wijkpeiling export` writes, held against the same answers in CSV.
# Rscript tests/reference/exchange.R FOLDER, with answers.sav, answers.dta, answers.csv and answers_codebook.csv in it

folder <- commandArgs(TRUE)[1]
at <- function(name) file.path(folder, name)
expected <- read.csv(at("answers.csv"), colClasses = "character", encoding = "UTF-8")
codebook <- read.csv(at("answers_codebook.csv"), colClasses = "character", encoding = "UTF-8")
reasons <- c("not_asked", "not_answered", "not_shown", "broken_off")
concepts <- unique(codebook$variable[codebook$code %in% reasons])
stopifnot(length(concepts) > 5)

# each answer as its label: the codebook says of which code
labels_of <- function(name) {
  rows <- codebook[codebook$variable == name, ]
  setNames(rows$meaning, rows$code)
}

same <- function(found, wanted, what) {
  found <- as.character(found)
  if (!identical(found, as.character(wanted))) {
    row <- which(is.na(found) != is.na(wanted) | found != wanted)[1]
    stop(sprintf("%s, row %d: %s where %s went in", what, row, found[row], wanted[row]))
  }
}

compare <- function(labelled, missing_is_na, variable_labels, what) {
  for (name in concepts) {
    same(labelled[[name]], unname(labels_of(name)[expected[[name]]]), paste(what, name))
    is_missing <- expected[[name]] %in% reasons
    if (!identical(is.na(missing_is_na[[name]]), is_missing)) stop(what, " ", name, ": missing values are lost")
  }
  for (name in c("size_class", "provincie", "gemeentecode", "name")) {
    same(trimws(labelled[[name]]), expected[[name]], paste(what, name))
  }
  same(unname(variable_labels[concepts]), sapply(concepts, function(name) {
    codebook$label[codebook$variable == name][1]
  }), paste(what, "labels of variables"))
  cat(what, ": ", nrow(labelled), " rows, ", length(concepts), " concepts, every label and reason\n", sep = "")
}

read <- function(...) suppressWarnings(foreign::read.spss(at("answers.sav"), to.data.frame = TRUE, reencode = "UTF-8", ...))
labelled <- read(use.value.labels = TRUE, use.missings = FALSE)
compare(labelled, read(use.missings = TRUE), attr(labelled, "variable.labels"), "foreign, .sav")

if (requireNamespace("haven", quietly = TRUE)) {
  for (kind in c("sav", "dta")) {
    reader <- if (kind == "sav") haven::read_sav else haven::read_dta
    plain <- reader(at(paste0("answers.", kind)))
    whole <- if (kind == "sav") reader(at("answers.sav"), user_na = TRUE) else plain
    labelled <- as.data.frame(lapply(haven::as_factor(whole), as.character))
    labels <- sapply(plain, function(column) attr(column, "label"))
    compare(labelled, plain, labels, paste0("haven, .", kind))
  }
} else {
  cat("haven is not installed: the .dta was not read\n")
}
