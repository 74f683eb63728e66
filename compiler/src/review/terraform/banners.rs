//! What has to be said before anything else: that a plan failed, or is only a part.

use super::document::{Check, CheckStatus, Document, each};
use crate::diagnostic::{Code, Diagnostic};
use crate::review::circumstances::Held;

/// `put_off` in the words of [`super::deferred`].
pub(super) fn banners(
    document: &mut Document,
    put_off: &[String],
) -> Result<Vec<Diagnostic>, String> {
    let mut banners = Vec::new();
    let checks: Vec<Check> = each(document.checks.take(), "checks")?;
    if document.errored {
        banners.push(
            Diagnostic::error(Code::PlanFailed, "This plan failed and is incomplete")
                .detail("It stopped with an error: what is missing below may still change or end.")
                .hint("Mend the error, plan again and review that plan."),
        );
    }
    if !put_off.is_empty() {
        banners.push(
            Diagnostic::warning(Code::PlanPutsOff, "Changes are put off until more is known")
                .detail(put_off.join("; "))
                .hint("Plan and review again after the apply."),
        );
    }
    if document.complete == Some(false) && !document.errored && put_off.is_empty() {
        banners.push(is_a_part(
            "It was made with `-target`, or puts changes off.",
        ));
    }
    banners.extend(checks.iter().filter_map(failed));
    Ok(banners)
}

/// OpenTofu does not say that a plan was made with `-target` or `-exclude`: then what the state holds is missing among the changes, where
/// otherwise all that does not change stands, too.
pub(super) fn left_out(document: &Document, missing: &[Held]) -> Option<Diagnostic> {
    if document.complete.is_some() {
        return None;
    }
    let missing: Vec<&str> = missing.iter().map(|one| one.address.as_str()).collect();
    let (shown, more) = missing.split_at(missing.len().min(MOST_NAMED));
    let more = match more.len() {
        0 => String::new(),
        count => format!(" and {count} more"),
    };
    (!missing.is_empty()).then(|| {
        is_a_part(format!(
            "It was made with `-target` or `-exclude`, and says nothing of {}{more}.",
            shown.join(", ")
        ))
    })
}

/// More of them nobody reads.
const MOST_NAMED: usize = 5;

fn is_a_part(why: impl Into<String>) -> Diagnostic {
    Diagnostic::warning(
        Code::PlanIsAPart,
        "This plan is only a part of what is to do",
    )
    .detail(why)
    .hint("Plan and review again after the apply.")
}

fn failed(check: &Check) -> Option<Diagnostic> {
    let what = match check.status {
        CheckStatus::Pass | CheckStatus::Unknown => return None,
        CheckStatus::Fail => "failed",
        CheckStatus::Error => "could not be made",
    };
    let problems: Vec<&str> = check
        .instances
        .iter()
        .flatten()
        .flat_map(|instance| instance.problems.iter().flatten())
        .map(|problem| problem.message.as_str())
        .collect();
    let place = &check.address.to_display;
    let banner = Diagnostic::warning(Code::CheckFailed, format!("A check of {place} {what}"));
    Some(if problems.is_empty() {
        banner
    } else {
        banner.detail(problems.join("; "))
    })
}
