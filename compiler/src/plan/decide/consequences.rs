//! What an update ends beside what it changes.

use super::{Draft, Existing, name_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::kind::Kind;
use crate::model::server::{Capabilities, RotationCapability};
use crate::model::state::{Open, Retired, Written};
use crate::plan::former_secret::{Former, cut_short};
use crate::plan::not_working::kept_from_working;
use crate::plan::{Reason, Renewal, rotation};
use crate::value::AttributePath;

impl Existing<'_> {
    pub(super) fn add_cascade(&self, draft: &mut Draft) {
        if self.kind != Kind::ServiceAccount {
            return;
        }
        let (Some(before), Some(after)) = (&self.prior.roles, draft.state.roles.value()) else {
            return;
        };
        if after.iter().any(Open::is_unknown) {
            return;
        }
        let stays = |role: &&String| !after.contains(&Open::Known((*role).clone()));
        let removed: Vec<&str> = before.iter().filter(stays).map(String::as_str).collect();
        if removed.is_empty() {
            return;
        }
        let reason = Reason::tokens_lose(&removed);
        // Elsewhere a token is whatever its account is.
        let keeps_roles = |server: &Capabilities| server.access_token.attribute("roles").is_some();
        let for_good = match self.server.is_some_and(keeps_roles) {
            true => " Adding the role again later does not give it back to them.",
            false => "",
        };
        draft.plan.diagnostics.push(
            Diagnostic::warning(
                Code::RolesRemoved,
                "Removing a role takes it from the account's access tokens",
            )
            .detail(format!("{}: {reason}.{for_good}", name_of(self.prior)))
            .at(AttributePath::attribute("roles")),
        );
        draft.plan.reasons.push(reason);
    }

    /// Retired tokens whose grace period was over when the state was read are revoked by this update, and those that were found and get
    /// none.
    pub(super) fn add_revocations(&self, draft: &mut Draft) {
        let (due, kept): (Vec<Retired>, Vec<Retired>) = self
            .prior
            .retired()
            .iter()
            .cloned()
            .partition(|retired| self.is_over(retired, draft));
        if due.is_empty() {
            return;
        }
        if !draft.state.retired.is_unknown() {
            if kept.is_empty() {
                draft.state.previous_token = Open::NULL;
            }
            draft.state.retired = Open::some(kept);
        }
        let early = due
            .iter()
            .find(|retired| !retired.due && self.prior.kept_by_server() == Some(*retired));
        let early = early.map(|retired| {
            let end = retired.revoke_at.as_ref().map(Written::value);
            // Without a state it may follow from the block alone how long.
            let kept = match self.keeps_state {
                true => Former::Kept(end),
                false => Former::Perhaps(end),
            };
            cut_short(self.title(), self.prior, kept)
        });
        draft.plan.diagnostics.extend(early);
        let ids = due.into_iter().map(|retired| retired.id).collect();
        draft.plan.reasons.push(Reason::Revocation { ids });
    }

    fn is_over(&self, retired: &Retired, draft: &Draft) -> bool {
        // Without a block nothing would have let it live on, and only what ends its successor ends it.
        let ends = match draft.state.rotation.value() {
            Some(_) => rotation::ends_at_once(&draft.state.rotation),
            None => draft.state.rotation.is_null() && draft.state.retired.is_unknown(),
        };
        let rotates = draft.state.retired.is_unknown()
            && Renewal::of(Some(&**self.prior), &draft.state).brings_secret();
        retired.due
            || rotates && rotation::ends_before_last(self.prior, retired)
            || ends && rotation::undated(self.prior).any(|found| found.id == retired.id)
    }

    /// Where an apply keeps it, the grace period of what was found retired begins with it.
    pub(super) fn begin_grace(&self, draft: &mut Draft) {
        if !self.keeps_state || !rotation::begins_grace(self.prior, &draft.state) {
            return;
        }
        draft.state.retired = Open::Unknown;
        draft
            .plan
            .reasons
            .extend(Reason::grace_begins(self.prior, &draft.state));
    }

    /// Terraform plans once more at the apply, which may take away, give or leave a grace period that is not known yet: what follows from it
    /// is not known either.
    pub(super) fn leave_grace_open(&self, draft: &mut Draft) {
        if !self.keeps_state {
            return;
        }
        let is_open = rotation::left_open(self.prior, &draft.state)
            .any(|retired| !self.is_over(retired, draft) && self.can_end(retired));
        if is_open {
            self.open_retired(draft);
        }
        let perhaps = Reason::perhaps_ends(self.prior, &draft.state);
        draft.plan.reasons.extend(perhaps);
    }

    /// What an earlier rotation retired is known after the apply. One that retires another secret says so by itself.
    fn open_retired(&self, draft: &mut Draft) {
        if draft.state.retired.is_unknown() {
            return;
        }
        draft.state.retired = Open::Unknown;
        if self.prior.previous_token.is_some() {
            draft.state.previous_token = Open::Unknown;
        }
    }

    /// False for what the server keeps to its end.
    fn can_end(&self, retired: &Retired) -> bool {
        let is_kept = self.prior.kept_by_server() == Some(retired);
        !is_kept
            || self.capabilities.is_none_or(|can| match can.rotation {
                RotationCapability::TwoSlots => true,
                RotationCapability::Server { ends_early, .. } => ends_early,
                RotationCapability::NoOverlap { .. } | RotationCapability::Impossible { .. } => {
                    false
                }
            })
    }

    /// Whoever takes the grace period away does not want to wait for its end.
    pub(super) fn end_grace(&self, draft: &mut Draft) {
        let retired = self.prior.retired().iter();
        let living: Vec<_> = retired
            .filter(|retired| !self.is_over(retired, draft))
            .collect();
        let living = || living.iter().copied();
        if living().next().is_none() || !rotation::loses_grace(self.prior, &draft.state) {
            return;
        }
        let Some(capabilities) = self.capabilities else {
            // Some servers end it, and some cannot.
            self.open_retired(draft);
            return;
        };
        match capabilities.rotation {
            RotationCapability::TwoSlots
            | RotationCapability::Server {
                ends_early: true, ..
            } => {
                if !draft.state.retired.is_unknown() {
                    draft.state.retired = Open::some(Vec::new());
                    draft.state.previous_token = Open::NULL;
                }
                let ids = living().map(|retired| retired.id.clone()).collect();
                draft.plan.reasons.push(Reason::Revocation { ids });
            }
            RotationCapability::Server { .. }
            | RotationCapability::NoOverlap { .. }
            | RotationCapability::Impossible { .. } => {
                let title = self.server.map_or("This server", |server| server.title);
                let end = living()
                    .find_map(|retired| retired.revoke_at.as_ref())
                    .map_or_else(String::new, |end| format!(", until {end}"));
                let name = name_of(self.prior);
                let told = match kept_from_working(&draft.state) {
                    Some(why) => format!(
                        "The old secret of {name} keeps the grace period that its rotation gave it{end}: {title} cannot end it earlier. It does not work while {why}."
                    ),
                    None => format!(
                        "The old secret of {name} stays valid for the grace period that its rotation gave it{end}: {title} cannot end it earlier."
                    ),
                };
                draft.plan.diagnostics.push(
                    Diagnostic::warning(
                        Code::GraceGoesOn,
                        "An old secret cannot be ended before its time",
                    )
                    .detail(told)
                    .at(AttributePath::attribute("rotation").then("grace_period"))
                    .hint("If it must end now, replace the token: `terraform apply -replace=ADDRESS`."),
                );
            }
        }
    }
}
