# Compare the conditions of a study: the differences that syndisco_nb's contrast() reports, and its models of comments.
#
#   Rscript analysis.R                       in a shell
#   source("analysis.R", chdir = TRUE)       in R; then see `results`
#
# It reads labels.csv, comparisons.csv and codebook.csv beside it. The t-tests need no package; mixed models need lme4,
# ordinal ones need ordinal.

script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
if (length(script) == 1 && file.exists(file.path(dirname(script), "labels.csv"))) setwd(dirname(script))

codebook <- read.csv("codebook.csv", colClasses = "character", na.strings = NULL, encoding = "UTF-8")
types <- c(text = "character", integer = "integer", number = "numeric", logical = "logical")

read_table <- function(file) {
  columns <- codebook[codebook$file == file, ]
  read.csv(file,
    colClasses = setNames(types[columns$type], columns$column),
    na.strings = "", check.names = FALSE, encoding = "UTF-8"
  )
}

# The mean of `value` for each combination of the keys, in order of appearance.
mean_by <- function(data, keys) {
  key <- do.call(paste, c(unname(as.list(data[keys])), sep = "\r"))
  groups <- factor(key, unique(key))
  means <- data[!duplicated(key), keys, drop = FALSE]
  means$value <- as.vector(tapply(data$value, groups, mean))
  means$n <- as.vector(table(groups))
  means
}

# The t-test of a difference; without p where the values do not vary, or there are too few.
t_row <- function(model, term, differences, baseline = NULL) {
  estimate <- mean(differences) - if (is.null(baseline)) 0 else mean(baseline)
  test <- tryCatch(t.test(differences, baseline), error = function(problem) NULL)
  interval <- if (is.null(test)) c(NA, NA) else test$conf.int
  n <- length(differences) + length(baseline)
  data.frame(
    model = model, term = term, estimate = estimate, low = interval[1], high = interval[2],
    p = if (is.null(test)) NA else test$p.value, n = n
  )
}

# The difference between two levels: of pairs of discussions, or of two groups.
compare <- function(discussions, column, others, level, baseline, paired) {
  key <- do.call(paste, c(unname(as.list(discussions[c(others, "discussion_index")])), sep = "\r"))
  term <- paste(level, "-", baseline)
  of <- function(name) {
    rows <- discussions[[column]] == name
    list(key = key[rows], data = discussions[rows, ])
  }
  first <- of(baseline)
  second <- of(level)
  if (!paired) {
    groups <- lapply(list(second$data, first$data), function(data) mean_by(data, "discussion_index")$value)
    return(t_row("Welch's t-test", term, groups[[1]], groups[[2]]))
  }
  common <- intersect(first$key, second$key)
  pairs <- first$data[match(common, first$key), ]
  pairs$value <- second$data$value[match(common, second$key)] - pairs$value
  t_row("paired t-test", term, mean_by(pairs, "discussion_index")$value)
}

# The mixed model of comments: REML; t by the number of discussions for what varies between them, else of comments.
mixed_model <- function(units) {
  formula <- if (use_turns(units)) value ~ level * turn_centred + (1 | talk) else value ~ level + (1 | talk)
  fit <- lme4::lmer(formula, data = units)
  columns <- lme4::getME(fit, "X")
  spread <- function(values) max(tapply(values, units$talk, function(some) diff(range(some))))
  between <- apply(columns, 2, spread) < 1e-9
  talks <- nlevels(units$talk)
  freedom <- ifelse(between, talks - sum(between), nrow(columns) - talks - sum(!between))
  estimate <- lme4::fixef(fit)
  error <- sqrt(diag(as.matrix(vcov(fit))))
  half <- qt(0.975, freedom) * error
  data.frame(
    model = "mixed model", term = names(estimate), estimate = estimate, low = estimate - half, high = estimate + half,
    p = 2 * pt(-abs(estimate / error), freedom), n = talks
  )
}

# The ordinal mixed model of labels: log odds of a higher one.
ordinal_model <- function(rows) {
  rows$ordered_label <- factor(as.integer(rows$label), ordered = TRUE)
  formula <- if (use_turns(rows)) ordered_label ~ level * turn_centred + (1 | talk) else ordered_label ~ level + (1 | talk)
  found <- coef(summary(ordinal::clmm(formula, data = rows)))
  found <- found[!grepl("|", rownames(found), fixed = TRUE), , drop = FALSE]
  half <- qnorm(0.975) * found[, "Std. Error"]
  data.frame(
    model = "ordinal mixed model", term = rownames(found), estimate = found[, "Estimate"],
    low = found[, "Estimate"] - half, high = found[, "Estimate"] + half, p = found[, "Pr(>|z|)"], n = nlevels(rows$talk)
  )
}

use_turns <- function(rows) !anyNA(rows$turn) && length(unique(rows$turn)) > 1

# Rows with the level, baseline first, the discussion, and the turn from its mean.
for_model <- function(rows, column, levels, place) {
  rows$level <- factor(rows[[column]], levels)
  rows$talk <- factor(do.call(paste, c(unname(as.list(rows[place])), sep = "\r")))
  rows$turn_centred <- rows$turn - mean(rows$turn)
  rows
}

# A model's rows; a message instead where it cannot be fitted.
fitted <- function(package, fit, rows) {
  if (!requireNamespace(package, quietly = TRUE)) {
    message("Not fitted, since the package ", package, " is not installed.")
    return(NULL)
  }
  tryCatch(fit(rows), error = function(problem) {
    message("Not fitted: ", conditionMessage(problem))
    NULL
  })
}

labels <- read_table("labels.csv")
comparisons <- read_table("comparisons.csv")
settings <- grep("^condition_", names(labels), value = TRUE)
place <- c("condition", settings, "discussion_index")
results <- data.frame()

for (part in split(comparisons, interaction(comparisons$scale, comparisons$setting, drop = TRUE, lex.order = TRUE))) {
  scale <- part$scale[1]
  setting <- part$setting[1]
  column <- if (setting == "condition") "condition" else paste0("condition_", setting)
  rows <- labels[labels$scale == scale & labels$counted & !is.na(labels$value), ]
  units <- mean_by(rows, c(place, "unit", "index", "name", "turn"))
  discussions <- mean_by(units, place)
  varied <- settings[vapply(discussions[settings], function(levels) length(unique(levels)) > 1, logical(1))]
  others <- if (setting == "condition") character(0) else setdiff(varied, column)
  found <- do.call(rbind, lapply(seq_len(nrow(part)), function(row) {
    compare(discussions, column, others, part$level[row], part$baseline[row], part$paired[row])
  }))
  found$p_holm <- p.adjust(found$p, "holm")
  if (max(discussions$n) > 1) {
    levels <- c(part$baseline[1], part$level)
    more <- fitted("lme4", mixed_model, for_model(units, column, levels, place))
    if (part$ordinal[1]) {
      ordinal <- for_model(rows[!is.na(rows$label), ], column, levels, place)
      more <- rbind(more, fitted("ordinal", ordinal_model, ordinal))
    }
    if (!is.null(more)) found <- rbind(found, cbind(more, p_holm = NA))
  }
  results <- rbind(results, data.frame(scale = scale, setting = setting, found))
}

rownames(results) <- NULL
print(results, digits = 4)
