# Computes in R's survey package what the package computes itself, and freezes it in reference.csv:
#   sh tests/reference/run.sh
# Rows: design, estimator, item, domain (column=value, empty for all), value with 17 digits, which reads back exactly.
suppressMessages(library(survey))
options(survey.lonely.psu = "adjust", stringsAsFactors = FALSE, warn = 1)

argument <- grep("^--file=", commandArgs(FALSE), value = TRUE)
here <- dirname(sub("^--file=", "", argument))
answers <- read.csv(file.path(here, "responses.csv"), na.strings = "")
frame <- read.csv(file.path(here, "municipalities.csv"))
later <- read.csv(file.path(here, "later.csv"))
replicate_weights <- as.matrix(read.csv(file.path(here, "replicate_weights.csv")))

items <- c("common", "half", "seldom", "gaps", "never", "always", "large")
for (item in items) answers[[item]] <- as.numeric(answers[[item]] == "True")
sizes <- table(frame$size_class)
answers$N_h <- as.vector(sizes[answers$size_class])
answers$N <- nrow(frame)
answers$log_inhabitants <- log(answers$inhabitants)

rows <- list()
keep <- function(design, estimator, item, domain, value) {
  rows[[length(rows) + 1]] <<- data.frame(design, estimator, item, domain, value = as.vector(value))
}

# The designs ---------------------------------------------------------------------------------------------------------
stratified <- function(data) {
  data$plain <- data$N_h / as.vector(table(data$size_class)[data$size_class])
  svydesign(ids = ~1, strata = ~size_class, weights = ~plain, fpc = ~N_h, data = data)
}
process <- function(data) {
  data$plain <- data$N_h / as.vector(table(data$size_class)[data$size_class])
  svydesign(ids = ~1, strata = ~size_class, weights = ~plain, data = data)
}
taken_whole <- answers
large <- taken_whole$size_class == ">=100k"
taken_whole$N_h[large] <- sum(large)
single <- answers[!large | !duplicated(large), ]
merged <- single
merged$size_class[merged$size_class == ">=100k"] <- "50-100k"
merged$N_h[merged$size_class == "50-100k"] <- sizes["50-100k"] + sizes[">=100k"]
fpc <- stratified(answers)

provincies <- as.data.frame(table(provincie = frame$provincie))
margins <- list(
  as.data.frame(table(size_class = frame$size_class)),
  provincies
)
fine <- list(maxit = 500, epsilon = 1e-12)
raked <- calibrate(fpc, ~ size_class + provincie, calfun = "raking", epsilon = 1e-13, maxit = 500,
  population = colSums(model.matrix(~ size_class + provincie, frame)))
totals <- c("(Intercept)" = nrow(frame), inhabitants = sum(frame$inhabitants),
  log_inhabitants = sum(log(frame$inhabitants)))
bounded <- function(calfun) {
  calibrate(fpc, ~ inhabitants + log_inhabitants, totals, calfun = calfun, bounds = c(0.95, 1.06), epsilon = 1e-13,
    maxit = 500)
}
designs <- list(
  fpc = fpc,
  process = process(answers),
  unstratified = svydesign(ids = ~1, weights = rep(nrow(frame) / nrow(answers), nrow(answers)), fpc = ~N, data = answers),
  weights = svydesign(ids = ~1, strata = ~size_class, weights = ~weight, fpc = ~N_h, data = answers),
  census_stratum = stratified(taken_whole),
  singleton_adjust = stratified(single),
  singleton_collapse = stratified(merged),
  poststratify = postStratify(fpc, ~provincie, provincies),
  rake = raked,
  linear = calibrate(fpc, ~ inhabitants + log_inhabitants, totals),
  truncated = bounded("linear"),
  logit = bounded("logit")
)
calibrated <- c("poststratify", "rake", "linear", "truncated", "logit")

# Shares, errors and intervals ---------------------------------------------------------------------------------------
wilson <- function(p, n) as.vector(suppressWarnings(prop.test(p * n, n, correct = FALSE)$conf.int))
one_share <- function(name, design, item, domain, inside) {
  inside <- inside & !is.na(design$variables[[item]])
  design$variables[[item]][is.na(design$variables[[item]])] <- 0
  part <- subset(design, inside)
  formula <- as.formula(paste0("~", item))
  mean <- svymean(formula, part, deff = if (name == "process") "replace" else TRUE)
  p <- as.vector(coef(mean))
  keep(name, "share", item, domain, p)
  keep(name, "se", item, domain, SE(mean))
  keep(name, "df", item, domain, degf(part))
  if (p == 0 || p == 1 || SE(mean) < 1e-12) return(invisible())
  # a domain whose weights sum to its answers has no simple random sample to compare with
  if (sum(weights(part)) - sum(inside) > 1e-6) keep(name, "deff", item, domain, deff(mean))
  for (method in c("xlogit", "asin", "mean")) {
    limits <- attr(svyciprop(formula, part, method = method), "ci")
    keep(name, paste0(method, c("_low", "_high")), item, domain, limits)
  }
  # R counts the rows of a calibrated design that a subset has left out: see DIFFERENCES.md
  if (name %in% calibrated && sum(inside) < nrow(design)) return(invisible())
  limits <- attr(svyciprop(formula, part, method = "beta"), "ci")
  keep(name, c("beta_low", "beta_high"), item, domain, limits)
  n <- sum(inside)
  effective <- p * (1 - p) / SE(mean)^2 * (qt(0.025, n - 1) / qt(0.025, degf(part)))^2
  keep(name, c("wilson_low", "wilson_high"), item, domain, wilson(p, as.vector(effective)))
}
for (name in names(designs)) {
  design <- designs[[name]]
  data <- design$variables
  keep(name, paste0("weight_", 1:10), "", "", weights(design)[1:10])
  for (item in items) {
    one_share(name, design, item, "", rep(TRUE, nrow(data)))
    for (provincie in sort(unique(data$provincie))) {
      one_share(name, design, item, paste0("provincie=", provincie), data$provincie == provincie)
    }
    for (value in c(0, 1)) {
      one_share(name, design, item, paste0("common=", c("False", "True")[value + 1]), data$common == value)
    }
  }
}

# Covariances: between items, and between domains ----------------------------------------------------------------------
complete <- c("common", "half", "seldom")
levels <- sort(unique(answers$provincie))
for (name in names(designs)) {
  keep(name, "covariance_items", "common half seldom", "", vcov(svymean(~ common + half + seldom, designs[[name]])))
  # svyby(covmat = TRUE) stops on a calibrated design: ratios of totals say the same
  member <- sapply(levels, function(value) as.numeric(designs[[name]]$variables$provincie == value))
  colnames(member) <- paste0("n_", levels)
  yes <- member * designs[[name]]$variables$half
  colnames(yes) <- paste0("yes_", levels)
  totals_by <- svytotal(cbind(yes, member), designs[[name]])
  ratios <- lapply(levels, function(value) as.call(list(as.name("/"), as.name(paste0("yes_", value)), as.name(paste0("n_", value)))))
  by <- svycontrast(totals_by, setNames(ratios, levels))
  keep(name, "covariance_domains", "half", "provincie", vcov(by))
  keep(name, "contrast_se", "half", "provincie", SE(svycontrast(by, c(1, -1, rep(0, length(levels) - 2)))))
}

# Exact limits by counting up, for the unstratified design --------------------------------------------------------------
exact <- function(x, n, N, alpha = 0.05) {
  K <- 0:N
  above <- phyper(x - 1, K, N - K, n, lower.tail = FALSE)
  below <- phyper(x, K, N - K, n)
  c(min(K[above > alpha / 2 * (1 + 1e-12)]), max(K[below > alpha / 2 * (1 + 1e-12)])) / N
}
for (item in items) {
  y <- answers[[item]][!is.na(answers[[item]])]
  keep("unstratified", c("exact_low", "exact_high"), item, "", exact(sum(y), length(y), nrow(frame)))
}

# Replicate weights --------------------------------------------------------------------------------------------------------
for (name in c("fpc", "process", "census_stratum")) {
  jackknife <- as.svrepdesign(designs[[name]], type = "JKn", mse = TRUE, compress = FALSE)
  for (item in complete) {
    formula <- as.formula(paste0("~", item))
    keep(name, "jackknife_se", item, "", SE(svymean(formula, jackknife)))
    by <- svyby(formula, ~common, jackknife, svymean)
    keep(name, "jackknife_se", item, "common=False", SE(by)[1])
    keep(name, "jackknife_se", item, "common=True", SE(by)[2])
  }
}
replicated <- svrepdesign(data = answers, weights = weights(fpc), repweights = replicate_weights, type = "other",
  combined.weights = TRUE, scale = 1 / ncol(replicate_weights), rscales = rep(1, ncol(replicate_weights)), mse = TRUE)
for (item in complete) {
  formula <- as.formula(paste0("~", item))
  keep("fpc", "bootstrap_se", item, "", SE(svymean(formula, replicated)))
  keep("fpc", "bootstrap_se", item, "common=True", SE(svyby(formula, ~common, replicated, svymean))[2])
}

# Tests for tables ---------------------------------------------------------------------------------------------------------
for (name in c("fpc", "process", "census_stratum", "weights", "poststratify", "linear")) {
  for (pair in list(c("provincie", "half"), c("size_class", "common"), c("half", "common"))) {
    test <- svychisq(as.formula(paste0("~", pair[1], "+", pair[2])), designs[[name]], statistic = "F")
    keep(name, paste0("rao_scott_", c("f", "df_1", "df_2", "p")), paste(pair, collapse = " "), "",
      c(test$statistic, test$parameter, test$p.value))
  }
}
holes <- subset(fpc, !is.na(answers$gaps))
test <- svychisq(~ provincie + gaps, holes, statistic = "F")
keep("fpc", paste0("rao_scott_", c("f", "df_1", "df_2", "p")), "provincie gaps", "",
  c(test$statistic, test$parameter, test$p.value))

# Two waves with the same respondents: stacked, municipality as the cluster ----------------------------------------------------
stacked <- function(codes, values, with_fpc) {
  both <- data.frame(
    gemeentecode = c(answers$gemeentecode, codes), size_class = rep(answers$size_class, 2),
    wave = rep(1:2, each = nrow(answers)), y = c(answers$half, as.numeric(values == "True")), N_h = rep(answers$N_h, 2),
    plain = rep(weights(fpc), 2)
  )
  design <- if (with_fpc) {
    svydesign(ids = ~gemeentecode, strata = ~size_class, weights = ~plain, fpc = ~N_h, data = both)
  } else {
    svydesign(ids = ~gemeentecode, strata = ~size_class, weights = ~plain, data = both)
  }
  svyby(~y, ~wave, design, svymean, covmat = TRUE)
}
for (with_fpc in c(TRUE, FALSE)) {
  name <- if (with_fpc) "fpc" else "process"
  by <- stacked(later$gemeentecode, later$half, with_fpc)
  keep(name, "change_covariance", "half", "same respondents", vcov(by))
  keep(name, "change_se", "half", "same respondents", SE(svycontrast(by, c(-1, 1))))
}
# what R gives for waves that partly overlap, which is not right (DIFFERENCES.md): simulate.py must compute the same
by <- stacked(later$partly_gemeentecode, later$partly_half, TRUE)
keep("fpc", "stacked_se", "half", "partly other respondents", SE(svycontrast(by, c(-1, 1))))

# How evenly the strata answered -----------------------------------------------------------------------------------------------
answered <- as.numeric(frame$gemeentecode %in% answers$gemeentecode)
for (groups in list("size_class", c("size_class", "provincie"))) {
  propensities <- lm(reformulate(groups, "answered"), cbind(frame, answered))
  explained <- summary(propensities)$adj.r.squared * var(answered)
  keep("fpc", "r_indicator", "", paste(groups, collapse = " "), 1 - 2 * sqrt(max(explained, 0)))
  keep("fpc", "r_indicator_uncorrected", "", paste(groups, collapse = " "), 1 - 2 * sd(fitted(propensities)))
}

# rake() stops short and has another variance than calibrate(): see DIFFERENCES.md
by_rake <- rake(fpc, list(~size_class, ~provincie), margins, control = fine)
keep("rake", "rake_share", items[1:3], "", coef(svymean(~ common + half + seldom, by_rake)))
keep("rake", "rake_se", items[1:3], "", SE(svymean(~ common + half + seldom, by_rake)))

frozen <- do.call(rbind, rows)
frozen <- frozen[is.finite(frozen$value), ]
frozen$value <- sprintf("%.17g", frozen$value)
write.csv(frozen, file.path(here, "reference.csv"), row.names = FALSE, quote = FALSE)
cat(nrow(frozen), "values by survey", as.character(packageVersion("survey")), "in", R.version.string, "\n")
