//! What is said of a name that is taken: by what, and every way on, the likeliest first.

use jiff::Timestamp;
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::Kind;
use lanyard_compiler::plan::ways_with_taken_name;
use lanyard_compiler::value::AttributePath;

use crate::error::{Existing, ServerError};
use crate::object::Object;
use crate::record::Record;
use crate::token_server::{MANAGED_BY, TokenServer};

pub(super) fn existing<R: Record>(record: &R) -> Existing {
    Existing {
        id: Some(record.id().to_owned()),
        created_at: record.created_at(),
        last_used_at: record.last_used_at(),
        managed_by: record.managed_by().map(str::to_owned),
    }
}

/// The name is taken, by what, and every way on.
pub(super) fn taken<O: Object>(
    server: &dyn TokenServer,
    desired: &O,
    existing: &Existing,
) -> Diagnostic {
    let Existing {
        id,
        created_at,
        last_used_at,
        managed_by,
    } = existing;
    let (title, name, now) = (O::KIND.title(), desired.name(), server.now());
    let mut facts = Vec::new();
    facts.extend(id.as_ref().map(|id| format!("id {id}")));
    facts.extend(created_at.map(|time| format!("created {}", ago(time, now))));
    if let Some(time) = last_used_at {
        facts.push(format!("last used {}", ago(*time, now)));
    } else if server.capabilities().tells_last_use {
        facts.push("never used".to_owned());
    }
    facts.extend(managed_by.as_ref().map(|by| format!("managed by {by}")));
    let facts = match facts.join(", ") {
        none if none.is_empty() => none,
        facts => format!(": {facts}"),
    };
    let mut taken = Diagnostic::error(Code::NameTaken, "The name is taken")
        .detail(format!(
            "On {}, {name:?} is another {title}'s name already{facts}.",
            server.capabilities().title,
        ))
        .at(AttributePath::attribute("name"));
    if id
        .as_deref()
        .is_some_and(|id| has_just_made::<O>(server, id))
    {
        return taken
            .hint(format!("Another {title} of this apply has just been given that name: each needs a name of its own."))
            .hint("If it is one and the same under a new address: say so with a `moved` block.");
    }
    let ended = ended_with::<O>(server, id.as_deref());
    taken.detail.extend(tokens_ended(&ended));
    let may_be_ours =
        managed_by.as_deref() == Some(MANAGED_BY) || !server.capabilities().keeps_owners;
    let [likeliest, others] = match (ended.is_empty(), managed_by) {
        // Whose tokens this run ends is in its state: what is likeliest comes first.
        (false, _) => [vec![being_replaced(true)], vec![MOVED.to_owned()]],
        (true, Some(_)) if may_be_ours => {
            [vec![MOVED.to_owned(), being_replaced(false)], Vec::new()]
        }
        (true, _) if may_be_ours => [Vec::new(), vec![MOVED.to_owned(), being_replaced(false)]],
        (true, _) => [Vec::new(), Vec::new()],
    };
    let ways: Vec<String> = if server.session().keeps_state() {
        let lost = may_be_ours.then(|| STATE_LOST.to_owned());
        let import = import::<O>(id.as_deref());
        likeliest
            .into_iter()
            .chain(lost)
            .chain(import)
            .chain(others)
            .collect()
    } else {
        vec![PLAN_AGAIN.to_owned()]
    };
    ways.into_iter()
        .chain(ways_with_taken_name(
            desired.capabilities(server.capabilities()),
        ))
        .chain(["To leave it alone: choose another `name`.".to_owned()])
        .fold(taken, Diagnostic::hint)
}

const MOVED: &str =
    "If it is this resource's own, under an earlier address: say so with a `moved` block.";

const PLAN_AGAIN: &str = "It was not there when this was planned: `lanyard plan` shows it by now, and what becomes of it.";

const STATE_LOST: &str = "If the state is empty since a crash (`terraform.tfstate` of 0 bytes): put `terraform.tfstate.backup` in its place.";

fn being_replaced(certainly: bool) -> String {
    let it = if certainly {
        "It seems to be what this resource replaces"
    } else {
        "If it is this resource's own, and being replaced"
    };
    format!(
        "{it}: the old one has the name until it is deleted. Leave out `create_before_destroy`, which what depends on this \
         resource may have brought in, or change `name` as well. Where two exchange their names, it takes two applies: give one of \
         them a third name first."
    )
}

/// The access tokens of an account that end in this run: Terraform deletes those that are replaced before it makes their new account.
fn ended_with<O: Object>(server: &dyn TokenServer, id: Option<&str>) -> Vec<String> {
    match (O::KIND, id) {
        (Kind::ServiceAccount, Some(id)) => server.session().ended(id),
        (Kind::ServiceAccount, None) | (Kind::AccessToken, _) => Vec::new(),
    }
}

fn tokens_ended(names: &[String]) -> Option<String> {
    let quoted: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    let (tokens, they) = match quoted.as_slice() {
        [] => return None,
        [_] => ("access token", "its secret does not"),
        _ => ("access tokens", "their secrets do not"),
    };
    Some(format!(
        " This apply has ended the {tokens} {} of it already: {they} work any more, until an apply that succeeds issues new ones.",
        quoted.join(", ")
    ))
}

fn import<O: Object>(id: Option<&str>) -> Option<String> {
    let kind = O::KIND.type_name();
    id.map(|id| {
        format!(
            "To manage it here as it is: `terraform import {kind}.NAME {id}` (NAME is the resource's name in the configuration)."
        )
    })
}

/// Something has the name after an attempt of unknown outcome, and whose it is cannot be told.
pub(super) fn perhaps_ours(mut taken: Diagnostic, attempt: &ServerError) -> Diagnostic {
    taken.code = Code::OutcomeUnknown;
    taken.summary = "The name is taken, perhaps by what this attempt made".to_owned();
    taken.detail.push_str(&format!(
        " Whether the attempt to create it just now made it is not known ({attempt}). If so, nobody has its secret."
    ));
    taken
}

/// Of a name that was looked for a moment before, and free: what has it by now may be of the very request that was refused.
pub(super) fn moments_ago(mut taken: Diagnostic) -> Diagnostic {
    taken.detail.push_str(
        " It was not there a moment before: either somebody else has just made it, or the server did for this very request, which it tried twice by itself, and then nobody has its secret.",
    );
    taken
}

pub(super) fn took_over<O: Object>(
    server: &dyn TokenServer,
    desired: &O,
    record: &O::Record,
) -> Diagnostic {
    let created = record
        .created_at()
        .map(|time| format!(", created {}", ago(time, server.now())))
        .unwrap_or_default();
    let done = if desired.capabilities(server.capabilities()).issues_secret {
        "It was deleted and created anew, since nobody has its secret"
    } else {
        "It was taken into the state"
    };
    Diagnostic::warning(
        Code::LeftoverTakenOver,
        "What an interrupted run left behind was taken over",
    )
    .detail(format!(
        "{} {:?} existed already ({}{created}): made by Lanyard for this state, as configured here, and never claimed by the run that made it. {done}.",
        match O::KIND {
            Kind::AccessToken => "An access token",
            Kind::ServiceAccount => "A service account",
        },
        desired.name(),
        record.id()
    ))
}

/// `3 days ago (2026-11-19T10:00:00Z)`.
fn ago(time: Timestamp, now: Timestamp) -> String {
    let seconds = now.duration_since(time).as_secs();
    let (count, unit) = match seconds {
        ..60 => return format!("moments ago ({time})"),
        60..3600 => (seconds / 60, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural} ago ({time})")
}

pub(super) fn has_just_made<O: Object>(server: &dyn TokenServer, id: &str) -> bool {
    server.session().made.has(O::KIND, id)
}
