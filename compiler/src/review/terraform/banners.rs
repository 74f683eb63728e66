//! What has to be said before anything else: that a plan failed, or is only a part.

use super::document::{Check, CheckStatus, Document, each};
use crate::diagnostic::{Code, Diagnostic};

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
        banners.push(
            Diagnostic::warning(
                Code::PlanIsAPart,
                "This plan is only a part of what is to do",
            )
            .detail("It was made with `-target`, or puts changes off.")
            .hint("Plan and review again after the apply."),
        );
    }
    banners.extend(checks.iter().filter_map(failed));
    Ok(banners)
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
