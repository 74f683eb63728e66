//! The words that every format shares: headlines, values, counts.

use super::Page;
use super::accounts::Fate;
use super::assess::{Assessment, Danger};
use super::circumstances::{Manner, Others};
use super::findings::Finding;
use super::old_secret::{OldSecret, OwnEnd};
use super::power::is_disabled;
use super::subject::Is;
use super::unmended::Unmended;
use super::uses::Uses;
use crate::diagnostic::{Code, Diagnostic, has_errors};
use crate::language::is_invisible;
use crate::model::state::{Seen, Shown};
use crate::model::{Kind, State};
use crate::plan::{Action, Change, Counts, Field, NotWorking, Plan, Reason, Takes, old_secret};
use crate::value::{AttributePath, Entries, Value};

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

/// Which sides of its fields say something about a change.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sides {
    Before,
    After,
    Both,
}

pub(super) fn sides(assessment: &Assessment<'_>) -> Sides {
    match assessment.change.action {
        Action::Create => Sides::After,
        Action::Delete => Sides::Before,
        Action::NoOp if assessment.course.manner == Manner::Forgets => Sides::Before,
        Action::NoOp | Action::Update | Action::Replace => Sides::Both,
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

/// `1 to create, 2 to update (1 rotation), 1 to delete`.
pub(super) fn counts(page: &Page<'_>) -> String {
    let Page {
        plan,
        circumstances,
        ..
    } = page;
    let Counts {
        create,
        update,
        rotate,
        replace,
        delete,
        unchanged,
    } = plan.counts();
    let forget = circumstances.forgotten();
    let state = circumstances.only_in_the_state(plan);
    let invoke = circumstances.invocations().count();
    let in_doubt = circumstances.in_doubt(plan);
    let unchanged = unchanged.saturating_sub(forget + state + in_doubt);
    let new = plan
        .changes
        .iter()
        .filter(|change| change.action == Action::Create);
    let is_open = |told: &Diagnostic| told.code == Code::NotKnown;
    let perhaps_there = new
        .filter(|change| change.diagnostics.iter().any(is_open))
        .count();
    let takes = |change: &&Change| change.takes.is_some();
    let taken = plan.changes.iter().filter(takes).count();
    let mut parts = Vec::new();
    for (count, what) in [
        (create, "create"),
        (update, "update"),
        (replace, "replace"),
        (delete, "delete"),
        (forget, "forget"),
        (invoke, "invoke"),
        (state, "take into the state"),
    ] {
        if count == 0 {
            continue;
        }
        let mut part = format!("{count} to {what}");
        if what == "create" && taken > 0 {
            part.push_str(&format!(" ({taken} by taking what is there)"));
        }
        if what == "create" && perhaps_there > 0 {
            part.push_str(&format!(" ({perhaps_there} perhaps there already)"));
        }
        if what == "update" && rotate > 0 {
            let open = plan.changes.iter().filter(|change| change.may_rotate());
            let word = match (open.count(), rotate) {
                (0, 1) => "rotation",
                (0, _) => "rotations",
                (open, _) if open == rotate => "perhaps with a new secret",
                _ => "rotations, perhaps",
            };
            part.push_str(&format!(" ({rotate} {word})"));
        }
        parts.push(part);
    }
    if in_doubt > 0 {
        parts.push(format!("{in_doubt} perhaps on another server"));
    }
    if circumstances.drifts() {
        parts.push("changes from outside to record".to_owned());
    }
    if parts.is_empty() && !circumstances.is_whole() {
        // What is missing may still be to do.
        return match (has_errors(&circumstances.banners), plan.changes.is_empty()) {
            (true, true) => "not known, there is no plan to review".to_owned(),
            (true, false) => {
                let mut banners = circumstances.banners.iter();
                let why = match banners.any(|banner| banner.code == Code::PlanFailed) {
                    true => "the plan failed",
                    false => "part of the plan cannot be read",
                };
                format!("not known, {why}, {unchanged} unchanged")
            }
            (false, _) => format!("not known, this is only a part, {unchanged} unchanged"),
        };
    }
    let left: Vec<_> = page
        .all
        .iter()
        .filter(|item| item.change.action == Action::NoOp && item.course.manner == Manner::Plain)
        .collect();
    let is_dead = |item: &Assessment<'_>| item.unmended.is_some_and(Unmended::wants_another);
    let is_cut_off = |item: &Assessment<'_>| {
        let is_to_work = item.after.as_deref().and_then(is_disabled) == Some(false);
        item.fate == Fate::Disabled && is_to_work && !is_dead(item)
    };
    let count = |is: &dyn Fn(&Assessment<'_>) -> bool| left.iter().filter(|item| is(item)).count();
    let parts_of = [
        (
            count(&|item| item.fate == Fate::End),
            "ending with a service account",
        ),
        (
            count(&|item| item.fate != Fate::End && is_dead(item)),
            "in need of a new secret",
        ),
        (count(&is_cut_off), "of a disabled account"),
    ];
    let told = parts_of.iter().filter(|(count, _)| *count > 0);
    let told: Vec<String> = told
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let dead = match told.is_empty() {
        true => String::new(),
        false => format!(" ({})", told.join(", ")),
    };
    if parts.is_empty() {
        let others = others(circumstances.others);
        return format!("{others}, {unchanged} unchanged{dead}");
    }
    if unchanged > 0 {
        parts.push(format!("{unchanged} unchanged{dead}"));
    }
    if !circumstances.is_whole() {
        parts.push("the rest is not known".to_owned());
    }
    parts.join(", ")
}

/// What there is to do where no credential changes.
fn others(others: Others) -> String {
    let parts = [
        (others.outputs, "output"),
        (others.resources, "other resource"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts
        .map(|(count, what)| format!("{count} {what}{}", if *count == 1 { "" } else { "s" }))
        .collect();
    match parts.is_empty() {
        true => "nothing to do".to_owned(),
        false => format!("no credential changes, but {}", parts.join(" and ")),
    }
}

/// A value on one line, safe to show.
pub(super) fn value(value: &Value, sensitive: bool) -> String {
    shown(value, sensitive, "(known after apply)")
}

/// Likewise, of what there is before: no apply tells more of that.
pub(super) fn value_before(value: &Value, sensitive: bool) -> String {
    shown(value, sensitive, "(not known)")
}

fn shown(value: &Value, sensitive: bool, unknown: &str) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Unknown => unknown.to_owned(),
        _ if sensitive => "(sensitive)".to_owned(),
        Value::Secret(_) => "(sensitive)".to_owned(),
        Value::String(text) => quoted(text),
        Value::Bool(_) | Value::Number(_) => format!("{value:?}"),
        Value::List(items) => {
            let items: Vec<_> = items
                .iter()
                .map(|item| shown(item, false, unknown))
                .collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(entries) => {
            let entries: Vec<_> = entries
                .iter()
                .map(|(key, item)| format!("{} = {}", key_text(key), shown(item, false, unknown)))
                .collect();
            if entries.is_empty() {
                "{}".to_owned()
            } else {
                format!("{{ {} }}", entries.join(", "))
            }
        }
    }
}

/// The cause, if it is told, and what to do next.
pub(super) fn explained(problem: &Diagnostic) -> impl Iterator<Item = &String> {
    let detail = Some(&problem.detail).filter(|detail| !detail.is_empty());
    detail.into_iter().chain(&problem.hints)
}

/// True if both sides are set and differ, and neither may be shown.
pub(super) fn changes_hidden(field: &Field) -> bool {
    let is_set = |value: &Value| !value.is_null() && !value.is_unknown();
    is_set(&field.before)
        && is_set(&field.after)
        && (field.sensitive || field.before.holds_secret() || field.after.holds_secret())
}

/// Fields worth a line: what a reviewer could miss is never left out, what every creation has is.
pub(super) fn fields(assessment: &Assessment<'_>) -> Vec<Field> {
    let settled = |value: &Value| {
        value.is_null()
            || value.as_bool() == Some(false)
            || value.as_list().is_some_and(<[Value]>::is_empty)
            || value.as_map().is_some_and(Entries::is_empty)
    };
    // What holds unless somebody says otherwise.
    let usual = |path: &AttributePath, value: &Value| match path.to_string().as_str() {
        "on_conflict" => value.as_str() == Some("error"),
        "generation" => *value == Value::from(1),
        _ => false,
    };
    let change = assessment.change;
    let mut fields = change.fields().into_owned();
    let sides = sides(assessment);
    fields.retain(|field| {
        let Field {
            path,
            before,
            after,
            sensitive,
            ..
        } = field;
        match sides {
            Sides::After => !settled(after) && !after.is_unknown() && !usual(path, after),
            Sides::Before => {
                !settled(before) && !before.is_unknown() && !sensitive && !usual(path, before)
            }
            Sides::Both => !is_decided_by_apply(change, field),
        }
    });
    fields
}

/// What nobody chose and only the apply can tell: named together, because nothing is to be reviewed about it.
pub(super) fn decided_by_apply(assessment: &Assessment<'_>) -> Vec<AttributePath> {
    if sides(assessment) != Sides::Both {
        return Vec::new();
    }
    let change = assessment.change;
    let mut fields = change.fields().into_owned();
    fields.retain(|field| is_decided_by_apply(change, field));
    fields.into_iter().map(|field| field.path).collect()
}

fn is_decided_by_apply(change: &Change, field: &Field) -> bool {
    let is_chosen = || {
        change
            .config
            .at(&field.path)
            .is_some_and(|value| !value.is_null())
    };
    field.after.is_unknown() && !field.forces_replacement && !is_chosen()
}

/// Text that somebody else chose, on one line: what a terminal would obey, or what reorders a line unseen, is spelled out.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars()
        .for_each(|character| spell_out(character, &mut out));
    out
}

fn spell_out(character: char, out: &mut String) {
    match is_invisible(character) {
        true => out.extend(character.escape_default()),
        false => out.push(character),
    }
}

/// Text in quotes, on one line and without anything that moves a terminal's cursor.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 120;
    let mut out = String::with_capacity(text.len().min(LONGEST) + 2);
    out.push('"');
    for character in text.chars().take(LONGEST) {
        if matches!(character, '"' | '\\') {
            out.push('\\');
        }
        spell_out(character, &mut out);
    }
    if text.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    out.push('"');
    out
}

fn key_text(key: &str) -> String {
    let plain = !key.is_empty()
        && key
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "_-".contains(character));
    if plain { key.to_owned() } else { quoted(key) }
}
