//! What this server takes, requires and limits.

use std::rc::Rc;

use super::{Place, Subject, Target};
use crate::diagnostic::{Code, Diagnostic, Quote, figures, quoted};
use crate::model::access_token::OnConflict;
use crate::model::facts;
use crate::model::schema::{Body, Nesting, Presence};
use crate::model::server::{
    AttributeCapability, DeleteCapability, ExpiryCapability, Limit, Naming, UpdateCapability,
};
use crate::suggest::closest;
use crate::value::{AttributePath, Entries, Value};

/// The kind does not exist there at all.
pub(super) fn absent(subject: &Subject<'_>) -> Option<Diagnostic> {
    let Target { title, can } = subject.server.as_ref()?;
    let instead = can.absent?;
    Some(
        Diagnostic::error(
            Code::AbsentOnServer,
            "This kind of resource does not exist on the server",
        )
        .detail(format!("{title} has no {}s.", subject.kind.title()))
        .hint(instead),
    )
}

pub(super) fn takes_every_attribute(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(server) = &subject.server else {
        return;
    };
    let body = &facts::schema(subject.kind).body;
    unsupported_blocks(subject, server, body, found);
    subject.each(&mut |place, attribute, value| {
        let settable = attribute.is_configurable()
            && !attribute.local
            && !value.is_null()
            && !value.is_unknown();
        if !settable {
            return;
        }
        let name = place.spelled();
        let block = name.split_once('.').map(|(block, _)| block);
        // A block that is refused as a whole is one mistake; a value that means the same as none is no mistake, and neither is the
        // absence of restrictions, in so many words, where there are none.
        let counts = *value != attribute.default
            && !(name == "unrestricted" && value.as_bool() == Some(true) && !server.restricts())
            && block.is_none_or(|block| server.can.attribute(block).is_some());
        if !counts {
            return;
        }
        match server.can.attribute(&name) {
            None => found.push(unsupported(subject, server, place.path(), &name)),
            Some(AttributeCapability {
                change: UpdateCapability::Computed,
                ..
            }) => found.push(
                Diagnostic::error(
                    Code::ComputedOnServer,
                    "The server sets this attribute itself",
                )
                .detail(format!(
                    "On {} `{place}` can be read and not configured.",
                    server.title
                ))
                .at(place.path())
                .hint(format!("Leave out `{place}`.")),
            ),
            Some(_) => {}
        }
    });
}

fn unsupported_blocks(
    subject: &Subject<'_>,
    server: &Target<'_>,
    body: &Body,
    found: &mut Vec<Diagnostic>,
) {
    for block in &body.blocks {
        let local = block.is_local();
        let stands = match (block.nesting, subject.get(&block.name)) {
            (_, Value::Unknown | Value::Null) => false,
            (Nesting::List, value) => value.as_list().is_some_and(|items| !items.is_empty()),
            (Nesting::Single, _) => true,
        };
        if stands && !local && server.can.attribute(&block.name).is_none() {
            found.push(unsupported(
                subject,
                server,
                AttributePath::attribute(&block.name),
                &block.name,
            ));
        }
    }
}

fn unsupported(
    subject: &Subject<'_>,
    server: &Target<'_>,
    path: AttributePath,
    name: &str,
) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        Code::UnsupportedAttribute,
        "The server does not have this attribute",
    )
    .detail(format!(
        "{} has no `{name}` on {}s.",
        server.title,
        subject.kind.title()
    ))
    .at(path)
    .hint(format!("Leave out `{name}`."));
    match (name, server.can.expiry) {
        ("expires_at" | "ttl", ExpiryCapability::Never { instead }) => diagnostic.hint(instead),
        ("scopes", _) if server.can.attribute("roles").is_some() => {
            diagnostic.hint("Limit it through `roles`.")
        }
        ("restriction", _) if server.can.attribute("roles").is_some() => {
            diagnostic.hint("Limit it through `roles`.")
        }
        ("roles" | "disabled", _) if server.can.attribute("service_account").is_some() => {
            diagnostic.hint(format!(
                "Set `{name}` on the service account, where it has one."
            ))
        }
        _ => diagnostic,
    }
}

pub(super) fn gets_what_it_requires(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(server) = &subject.server else {
        return;
    };
    let all = server.can.attributes.iter();
    let required: Vec<&str> = all
        .filter(|attribute| attribute.required)
        .map(|attribute| attribute.path)
        .collect();
    if required.is_empty() {
        return;
    }
    let mut check = |name: &str, place: &Place<'_>, value: &Value| {
        if !required.contains(&name) || !value.is_null() {
            return;
        }
        if name == "unrestricted" {
            if subject.said.restriction.is_null() {
                found.push(
                    Diagnostic::error(
                        Code::RestrictionNotChosen,
                        "The server wants a restriction or its absence in so many words",
                    )
                    .detail(format!(
                        "On {} either `unrestricted` is true, or a `restriction` block stands.",
                        server.title
                    ))
                    .at(place.path())
                    .hint("Add a `restriction` block, or set `unrestricted = true`."),
                );
            }
            return;
        }
        found.push(
            Diagnostic::error(Code::RequiredOnServer, "The server requires an attribute")
                .detail(format!(
                    "{} requires `{place}` on {}s.",
                    server.title,
                    subject.kind.title()
                ))
                .at(place.path()),
        );
    };
    let body = &facts::schema(subject.kind).body;
    subject.each(&mut |place, attribute, value| {
        // What every server requires is complained about already.
        if value.is_null() && attribute.presence != Presence::Required {
            check(&place.spelled(), place, value);
        }
    });
    let root = Rc::new(AttributePath::root());
    for block in &body.blocks {
        let place = Place {
            around: Rc::clone(&root),
            name: &block.name,
        };
        check(&block.name, &place, subject.get(&block.name));
    }
}

pub(super) fn limits_are_kept(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(server) = &subject.server else {
        return;
    };
    subject.each(&mut |place, _, value| {
        // What is not said keeps every limit.
        if value.is_null() {
            return;
        }
        let Some(attribute) = server.can.attribute(&place.spelled()) else {
            return;
        };
        for limit in attribute.limits {
            if let Some((_, hint)) = exceeds(limit, value, subject, &quoted) {
                let words = match limit {
                    Limit::OneOf(words) => words,
                    _ => &[][..],
                };
                let diagnostic = Diagnostic::error(
                    Code::LimitExceeded,
                    "A value is outside what the server allows",
                )
                .detail_among(words, |quote| {
                    let exceeds = exceeds(limit, value, subject, quote);
                    let problem = exceeds.map_or_else(String::new, |(problem, _)| problem);
                    format!("`{place}` {problem} on {}.", server.title)
                })
                .at(place.path());
                found.push(match hint {
                    Some(hint) => diagnostic.hint(hint),
                    None => diagnostic,
                });
            }
        }
    });
}

/// Where accounts are known by a slug, one that is not configured is made of the name.
pub(super) fn names_lead_to_a_slug(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(Target { title, can }) = &subject.server else {
        return;
    };
    let said = &subject.said;
    let (Naming::NameAndSlug { slug }, Some(name), true) =
        (can.naming, said.name.value(), said.slug.is_null())
    else {
        return;
    };
    if !name.is_empty() && slug(name).is_none() {
        found.push(
            Diagnostic::error(Code::NoSlug, "No slug can be made of a name")
                .detail_of(|quote| format!(
                    "{title} knows a {} by its slug, and {} has no letter or digit (a to z, 0 to 9) to make one of.",
                    subject.kind.title(), quote(name)
                ))
                .at(AttributePath::attribute("name"))
                .hint("Set `slug`, for example \"ci\"."),
        );
    }
}

pub(super) fn replaces_what_can_be_deleted(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(server) = &subject.server else {
        return;
    };
    if let DeleteCapability::Disables { warning } | DeleteCapability::Leaves { warning } =
        server.can.delete
        && subject.said.on_conflict.value() == Some(&OnConflict::Replace)
    {
        found.push(
            Diagnostic::error(
                Code::ReplacementImpossible,
                "What cannot be deleted cannot be replaced",
            )
            .detail(warning)
            .at(AttributePath::attribute("on_conflict"))
            .hint("To take over what has the name: `on_conflict = \"adopt\"`."),
        );
    }
}

pub(super) fn adopts_what_gets_a_secret(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(Target { title, can }) = &subject.server else {
        return;
    };
    if can.no_secret_of_adopted().is_some()
        && subject.said.on_conflict.value() == Some(&OnConflict::Adopt)
    {
        found.push(
            Diagnostic::error(
                Code::AdoptionImpossible,
                "What gets no new secret cannot be taken over",
            )
            .detail(format!(
                "{title} shows the secret of a {} once, and issues no other for it: an apply that finds the name taken stops.",
                subject.kind.title()
            ))
            .at(AttributePath::attribute("on_conflict"))
            .hint("To manage what has the name without its secret: leave `on_conflict` out, and import it.")
            .hint("To delete it and create it anew: `on_conflict = \"replace\"`."),
        );
    }
}

/// What is wrong, as the rest of a sentence that names the attribute and ends with the server; and what to do.
fn exceeds(
    limit: &Limit,
    value: &Value,
    subject: &Subject<'_>,
    quote: Quote<'_>,
) -> Option<(String, Option<String>)> {
    match *limit {
        Limit::Length { min, max } => {
            let length = value.as_str()?.chars().count();
            let wrong = length < min || length > max;
            wrong.then(|| {
                (
                    format!("has {length} characters; it must have {min} to {max}"),
                    None,
                )
            })
        }
        Limit::Pattern { fits, description } => {
            let text = value.as_str()?;
            (!fits(text)).then(|| {
                (
                    format!("is {}; it must be {description}", quote(text)),
                    None,
                )
            })
        }
        Limit::Count { min, max } => {
            let count = value
                .as_list()
                .map(<[_]>::len)
                .or_else(|| value.as_map().map(Entries::len))?;
            if count < min {
                Some((
                    format!("has {count} members; it must have at least {min}"),
                    Some("Leave it out for the server's default.".to_owned()),
                ))
            } else {
                (count > max).then(|| {
                    (
                        format!("has {count} members; it may have at most {max}"),
                        None,
                    )
                })
            }
        }
        Limit::OneOf(choices) => {
            let text = value.as_str()?;
            let meant = closest(text, choices.iter().copied())
                .map(|meant| format!("Did you mean \"{meant}\"?"));
            (!choices.contains(&text)).then(|| {
                (
                    format!(
                        "is {}; it must be one of {}",
                        quote(text),
                        choices.join(", ")
                    ),
                    meant,
                )
            })
        }
        Limit::Range { min, max } => {
            let number = value.as_number()?;
            let fits = number
                .as_i64()
                .is_some_and(|number| (min..=max).contains(&number));
            let upper = if max == i64::MAX {
                " or more".to_owned()
            } else {
                format!(" to {max}")
            };
            (!fits).then(|| {
                (
                    format!(
                        "is {}; it must be a whole number, {min}{upper},",
                        figures(number, quote)
                    ),
                    None,
                )
            })
        }
        Limit::Each { fits, description } => {
            let texts = value.as_list()?.iter().filter_map(Value::as_str);
            let wrong: Vec<_> = texts.filter(|text| !fits(text)).map(quote).collect();
            (!wrong.is_empty()).then(|| {
                (
                    format!(
                        "contains {}; each member must be {description}",
                        wrong.join(", ")
                    ),
                    None,
                )
            })
        }
        Limit::Alone(alone) => {
            let members = value.as_list()?;
            let together =
                members.len() > 1 && members.iter().any(|member| member.as_str() == Some(alone));
            together.then(|| {
                (
                    format!("contains \"{alone}\" beside others; it must stand alone"),
                    Some("Make a token of its own for it.".to_owned()),
                )
            })
        }
        Limit::Excludes(others) => {
            let clash: Vec<_> = others
                .iter()
                .filter(|other| is_set(subject.config, other))
                .map(|other| format!("`{other}`"))
                .collect();
            (!clash.is_empty()).then(|| {
                (
                    format!("cannot stand together with {}", clash.join(", ")),
                    Some("Keep those of one pricing model.".to_owned()),
                )
            })
        }
    }
}

fn is_set(config: &Value, name: &str) -> bool {
    let value = name.split('.').fold(config, |value, name| value.get(name));
    !value.is_null() && !value.is_unknown()
}
