//! The words that every format shares: headlines, values, counts.

mod counts;
mod fields;
mod values;

pub(super) use counts::counts;
pub(super) use fields::{Sides, changes_hidden, decided_by_apply, fields, sides};
pub(super) use values::{plain, quoted, value, value_before};

use super::Page;
use super::accounts::Fate;
use super::assess::{Assessment, Danger};
use super::circumstances::Manner;
use super::findings::Finding;
use super::old_secret::{OldSecret, OwnEnd};
use super::power::is_disabled;
use super::subject::Is;
use super::uses::Uses;
use crate::diagnostic::Diagnostic;
use crate::model::state::{Seen, Shown};
use crate::model::{Kind, State};
use crate::plan::{Action, NotWorking, Plan, Reason, Takes, old_secret};

/// What happens, after the address: `is created`.
pub(super) fn headline(assessment: &Assessment<'_>) -> String {
    let change = assessment.change;
    if change.action == Action::Update && change.is_unreadable() {
        return "changes, and what that means cannot be read".to_owned();
    }
    match change.action {
        Action::Create if let Some(takes) = &change.takes => taken(change.kind, takes),
        Action::Create => "is created".to_owned(),
        Action::Delete => match change.kind {
            Kind::AccessToken if let OldSecret::IsDead(why) = assessment.old_secret() => {
                let own = format!("is deleted: its secret {}", why.words());
                match why.may_have_a_successor() {
                    true => format!("{own}; one that somebody put in its place may end at once"),
                    false => own,
                }
            }
            Kind::AccessToken => "is revoked: its secret ends at once".to_owned(),
            Kind::ServiceAccount if change.leaves_account() => {
                "leaves the state: it is built into its server and stays, with whatever signs in as it"
                    .to_owned()
            }
            Kind::ServiceAccount => {
                "is deleted: whatever signs in as it is locked out at once".to_owned()
            }
        },
        Action::Replace if assessment.goes_on() => {
            "is replaced by itself: `on_conflict` takes it over, and nothing of it ends".to_owned()
        }
        Action::Replace if let Some(takes_itself_over) = assessment.lives_on_in_its_successor() => {
            let old = of_old_secret(assessment);
            match takes_itself_over {
                Is::True => format!(
                    "is replaced by itself: `on_conflict` takes it over with a new secret, and {old}"
                ),
                Is::False | Is::NotKnown => format!(
                    "is replaced: created anew before the old one is deleted; or, if the new one's name and account are the same, which is known after the apply, `on_conflict` takes it over, and {old}"
                ),
            }
        }
        Action::Replace if assessment.ends_by_its_successor() == Is::True => {
            "is replaced: `on_conflict` ends the old one first, and then it is created anew".to_owned()
        }
        Action::Replace if assessment.ends_by_its_successor() == Is::NotKnown => {
            "is replaced: created anew before the old one is deleted, or after `on_conflict` ended it if the new one's name and account are the same, which is known after the apply".to_owned()
        }
        Action::Replace if change.leaves_account() => {
            "is replaced: the old one is built into its server and stays, with whatever signs in as it"
                .to_owned()
        }
        Action::Replace => match assessment.course.manner {
            Manner::ReplacesAndForgets if assessment.fate == Fate::End => {
                "is replaced: created anew, and the old one ends with its service account"
            }
            Manner::CreatesFirst => "is replaced: created anew before the old one is deleted",
            Manner::ReplacesAndForgets => {
                "is replaced: created anew, and the old one lives on without anybody who manages or rotates it"
            }
            Manner::Plain | Manner::Forgets => "is replaced: deleted and created anew",
        }
        .to_owned(),
        Action::NoOp if assessment.course.kept_elsewhere => {
            "leaves this address, and stays in the state under another one".to_owned()
        }
        Action::NoOp if assessment.course.manner == Manner::Forgets => forgotten(assessment),
        Action::NoOp if assessment.course.server_in_doubt => {
            "does not change if it stays on its server, which is not known".to_owned()
        }
        Action::NoOp => "does not change".to_owned(),
        Action::Update if change.rotates() => {
            let what = if change.may_rotate() {
                "may rotate in place"
            } else {
                "rotates in place"
            };
            let old = of_old_secret(assessment);
            let before = match assessment.ends_before_last() {
                true => ", and the one before it ends at once",
                false => "",
            };
            format!("{what}: {old}{before}")
        }
        Action::Update if change.hands_over() => {
            "hands over its secret, which nobody got: it stays the same".to_owned()
        }
        Action::Update if assessment.course.server_in_doubt => {
            "is updated in place if it stays on its server, which is not known".to_owned()
        }
        Action::Update => "is updated in place".to_owned(),
    }
}

/// What becomes of the secret that there is when a new one is issued.
fn of_old_secret(assessment: &Assessment<'_>) -> String {
    let old = assessment.old_secret();
    if let Some(how) = old.works_on() {
        return match kept_from_working(assessment.after.as_deref(), assessment.fate) {
            Some(why) => format!("the old secret would work {how}, but {why}: neither works"),
            None => format!("the old secret works {how}"),
        };
    }
    match old {
        OldSecret::EndsWithItsAccount => {
            "the old secret ends with its service account, and so does the new one".to_owned()
        }
        OldSecret::IsDead(why) if why.may_have_a_successor() => format!(
            "the old secret {}; one that somebody put in its place may end at once",
            why.words()
        ),
        OldSecret::IsDead(why) => format!("the old secret {}", why.words()),
        OldSecret::ReplacedElsewhere(why) => {
            format!(
                "the old secret {}; this ends it, and the one that somebody put in its place ends at once",
                why.words()
            )
        }
        OldSecret::MayEnd => {
            "the old secret may end at once, its grace period is not known".to_owned()
        }
        OldSecret::Ends | OldSecret::WorksFor(..) | OldSecret::WorksUntilFirstUse(_) => {
            "the old secret ends at once".to_owned()
        }
    }
}

/// What becomes of what somebody else made under the name.
fn taken(kind: Kind, takes: &Takes) -> String {
    let end = match (kind, takes.tokens) {
        _ if !takes.ends => String::new(),
        (Kind::AccessToken, _) => ": its secret ends at once".to_owned(),
        (Kind::ServiceAccount, 0) if takes.replaces => {
            ": whatever signs in as it is locked out at once".to_owned()
        }
        (Kind::ServiceAccount, 0) => ": its secret ends at once".to_owned(),
        (Kind::ServiceAccount, 1) => {
            ": 1 access token ends with it, and whatever signs in as it is locked out at once"
                .to_owned()
        }
        (Kind::ServiceAccount, tokens) => format!(
            ": {tokens} access tokens end with it, and whatever signs in as it is locked out at once"
        ),
    };
    match takes.replaces {
        true => format!("is created in place of {takes}, which is deleted first{end}"),
        false => format!("takes over {takes}{end}"),
    }
}

/// How long an old secret works, which no grace period keeps beyond its own end.
pub(super) fn not_beyond(how: &str, own_end: Option<&str>) -> String {
    match own_end {
        Some(end) => format!("{how}, but not beyond its own end, {end}"),
        None => how.to_owned(),
    }
}

/// What keeps the secrets of a token in this state from working, until somebody enables it again.
pub(super) fn kept_from_working(state: Option<&State<Shown>>, fate: Fate) -> Option<&'static str> {
    match state.and_then(is_disabled) {
        Some(true) => Some("the token is disabled"),
        Some(false) | None => (fate == Fate::Disabled).then_some("its service account is disabled"),
    }
}

/// What is to be noted of a change: how it comes about, and until when old secrets work that it leaves alone, where that moves with the
/// configuration and no word elsewhere says so.
pub(super) fn notes(assessment: &Assessment<'_>) -> Vec<String> {
    let kept = assessment.kept_by_configuration();
    let kept =
        kept.map(|(id, end)| format!("an old secret works until {end}{AS_CONFIGURED}: {id}"));
    let change = assessment.change;
    let ends = assessment.fate == Fate::End && change.action == Action::Update && !change.rotates();
    let ends = ends.then(|| "it ends with its service account".to_owned());
    let notes = assessment.course.notes.iter().cloned();
    notes.chain(kept).chain(ends).collect()
}

/// How an end is known without a state.
const AS_CONFIGURED: &str = ", as `ttl` and `grace_period` are configured now";

/// A reason alone, where what happens is said already; of an old secret with what is known of its end.
pub(super) fn why(assessment: &Assessment<'_>, reason: &Reason) -> String {
    let Reason::Revocation { ids } = reason else {
        return reason.why();
    };
    let before = assessment.before.as_ref();
    let retired = before.and_then(|before| before.retired.value());
    let by = match assessment.counts_by_configuration() {
        true => AS_CONFIGURED,
        false => "",
    };
    let all: Vec<String> = ids
        .iter()
        .map(|id| {
            let known = retired.and_then(|all| all.iter().find(|one| one.id == *id));
            let end = known.map(|known| (known.due, &known.revoke_at));
            let when = match end {
                Some((true, Some(end))) => format!(", whose grace period was over at {end}{by}"),
                // Nothing says since when it is retired: it is due by the block alone.
                Some((true, None)) => " at once: `rotation` gives it no grace period".to_owned(),
                Some((false, Some(end))) => format!(" at once: it would stay until {end}"),
                // Only of what the server itself keeps the first use decides.
                Some((false, None)) if before.and_then(|before| before.id.value()) != Some(id) => {
                    " at once".to_owned()
                }
                Some((false, None)) => {
                    " at once: it would stay until the first use of the new one".to_owned()
                }
                None => String::new(),
            };
            format!("{}{when}", old_secret(id))
        })
        .collect();
    all.join("; ")
}

/// What becomes of an object that leaves the state and stays on the server.
fn forgotten(assessment: &Assessment<'_>) -> String {
    if assessment.change.kind == Kind::ServiceAccount {
        return "is forgotten: it lives on, and nobody manages it any more".to_owned();
    }
    if assessment.fate == Fate::End {
        return "is forgotten, and ends with its service account".to_owned();
    }
    let before = assessment.before.as_deref();
    let own = before.and_then(|before| before.id.value());
    let retired = before.and_then(|before| before.retired.value());
    let former = retired.into_iter().flatten().map(|entry| entry.id.as_str());
    let former: Vec<&str> = former
        .filter(|id| own.is_none_or(|own| own != id))
        .collect();
    let off = kept_from_working(before, assessment.fate);
    let secret = match off {
        Some(why) => format!("does not work while {why}"),
        None => of_forgotten(before, assessment.own_end.as_ref()),
    };
    let old = match (former.is_empty(), off) {
        (true, _) => String::new(),
        // On their servers only an apply ends them.
        (false, None) => format!(
            ", or ends its old secrets, which work on: {}",
            former.join(", ")
        ),
        (false, Some(_)) => format!(", or ends its old secrets: {}", former.join(", ")),
    };
    let keeps = match assessment.fate {
        Fate::KeepIt => {
            "; its service account, which this plan deletes, cannot end before it: the apply fails"
        }
        Fate::None | Fate::Disabled | Fate::End => "",
    };
    format!(
        "is forgotten: its secret {secret}, and nobody manages or rotates it any more{old}{keeps}"
    )
}

/// Of the secret of a token that nothing keeps from working.
fn of_forgotten(before: Option<&State<Shown>>, own_end: Option<&OwnEnd>) -> String {
    match before.and_then(NotWorking::of) {
        Some(why @ (NotWorking::Revoked | NotWorking::Replaced)) => {
            return format!(
                "{}; one that somebody put in its place may work on",
                why.words()
            );
        }
        // It is enabled again, or it would be said.
        Some(NotWorking::AccountDisabled) | None => {}
        Some(why) => return why.words(),
    }
    match (own_end, before.map(|before| &before.expires_at)) {
        (Some(end), _) => format!("works until {}", end.words),
        // What is hidden, or not known, is not absent.
        (None, Some(Seen::Unknown | Seen::Hidden(_) | Seen::Known(Some(_)))) => {
            "works on".to_owned()
        }
        (None, Some(Seen::Known(None)) | None) => "works on without an end".to_owned(),
    }
}

/// What a reader must know about the users of secrets, where a plan has any of which some may be hidden.
pub(super) fn unseen(page: &Page<'_>) -> Option<String> {
    let uses = &page.circumstances.uses;
    let passes_on = page.assessments.iter().any(|assessment| {
        assessment.is_disabled()
            || !matches!(assessment.danger, Danger::Changes | Danger::LosesPower)
    });
    if !uses.only_direct {
        return None;
    }
    if !uses.may_show.is_empty() && holds_secrets(page.plan) {
        let mut names: Vec<&str> = uses.may_show.iter().map(String::as_str).collect();
        if names.len() > Uses::NAMED {
            names.truncate(Uses::NAMED);
            names.push("others");
        }
        return Some(format!(
            "What goes through locals and dynamic blocks, and what is taken of a whole resource, cannot be seen in a plan: {}, not sensitive, \
             may show a secret. `--dir FOLDER` tells.",
            names.join(", ")
        ));
    }
    passes_on.then(|| {
        "Users of a secret through locals and dynamic blocks cannot be seen in a plan: `--dir FOLDER` shows them."
            .to_owned()
    })
}

/// True if there is, or comes, a secret that could be passed on.
fn holds_secrets(plan: &Plan) -> bool {
    plan.changes
        .iter()
        .any(|change| change.kind == Kind::AccessToken)
}

/// The findings that a reader of the changes does not know yet.
pub(super) fn to_tell(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    findings
        .iter()
        .filter(|finding| !finding.rule.is_told || finding.level > finding.rule.level)
}

/// What was found and where.
pub(super) fn found(finding: &Finding) -> String {
    let Finding {
        address,
        path,
        message,
        ..
    } = finding;
    match path.is_root() {
        true => format!("{address}: {message}"),
        false => format!("{address}.{path}: {message}"),
    }
}

/// The sign of an action in text.
pub(super) fn sign(assessment: &Assessment<'_>) -> &'static str {
    let change = assessment.change;
    match change.action {
        Action::NoOp if assessment.course.manner == Manner::Forgets => "x",
        Action::NoOp => " ",
        Action::Create if change.takes.as_ref().is_some_and(|takes| takes.replaces) => "-/+",
        Action::Create => "+",
        Action::Update => "~",
        Action::Replace => match assessment.course.manner {
            Manner::Plain | Manner::Forgets => "-/+",
            Manner::CreatesFirst => "+/-",
            Manner::ReplacesAndForgets => "x/+",
        },
        Action::Delete => "-",
    }
}

/// The cause, if it is told, and what to do next.
pub(super) fn explained(problem: &Diagnostic) -> impl Iterator<Item = &String> {
    let detail = Some(&problem.detail).filter(|detail| !detail.is_empty());
    detail.into_iter().chain(&problem.hints)
}
