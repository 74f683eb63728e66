//! What is not known is not absent: which leftovers of a server may still be declared, by something that is unread or unknown.

use super::side::{Server, Side};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::{Configuration, Instance, Unread, WhyUnread};
use crate::model::Kind;
use crate::value::AttributePath;

/// Everything that may declare more than what was compared.
pub(super) struct Undecided {
    places: Vec<Unread>,
}

impl Undecided {
    pub(super) fn new(configuration: &Configuration, sides: &[Side]) -> Self {
        let mut places = configuration.unread.clone();
        for (instance, kind, position) in configuration.managed() {
            if matches!(sides[position].server, Server::NotKnown { .. }) {
                places.push(unread(
                    WhyUnread::Server(instance.address.clone()),
                    instance,
                    kind,
                ));
            }
        }
        Self { places }
    }

    /// An instance that could be any object, because this attribute is not known.
    pub(super) fn add(&mut self, instance: &Instance, kind: Kind, attribute: &'static str) {
        let why = WhyUnread::Identity(instance.address.clone(), attribute);
        let mut place = unread(why, instance, kind);
        let path = AttributePath::attribute(attribute);
        place.span = Some(instance.span_of(&path).clone());
        self.places.push(place);
    }

    /// What may declare objects of this kind on one of the servers.
    pub(super) fn on<'a>(
        &'a self,
        kind: Kind,
        index: usize,
        sides: &'a [Side],
        configuration: &'a Configuration,
    ) -> impl Iterator<Item = &'a Unread> {
        self.places.iter().filter(move |place| {
            let position = place.provider.as_ref().and_then(|wanted| {
                let mut providers = configuration.providers.iter();
                providers.position(|provider| provider.reference == *wanted)
            });
            place.kind.is_none_or(|of| of == kind)
                && position.is_none_or(|position| may_be_same(position, index, sides))
        })
    }

    /// Says what is left alone, and because of what.
    pub(super) fn explain(places: &[&Unread], names: &[String]) -> Option<Diagnostic> {
        const SHOWN: usize = 3;
        let first = places.first()?;
        let mut reasons: Vec<String> = Vec::new();
        for place in places {
            let reason = place.why.to_string();
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        let more = reasons.len().saturating_sub(SHOWN);
        reasons.truncate(SHOWN);
        let mut because = reasons.join(", and ");
        if more > 0 {
            because = format!("{because}, and {more} more places");
        }
        let mut warning = Diagnostic::warning(Code::NotPruned, "Not everything is pruned")
            .detail(format!(
                "What is not known is not absent: {because}. What may be declared there is left alone: {}.",
                names.join(", ")
            ))
            .hint(first.why.remedy());
        warning.span.clone_from(&first.span);
        Some(warning)
    }
}

/// Where this attribute is not known, nobody knows whether there is such an object.
pub(super) fn may_exist(instance: &Instance, attribute: &str) -> Diagnostic {
    instance.locate(
        Diagnostic::warning(Code::NotKnown, "It is not known whether it exists")
            .at(AttributePath::attribute(attribute))
            .detail(format!(
                "{} is planned as new, but its `{attribute}` is known only after apply: it may be there already.",
                instance.address
            )),
    )
}

fn unread(why: WhyUnread, instance: &Instance, kind: Kind) -> Unread {
    Unread {
        why,
        kind: Some(kind),
        provider: Some(instance.provider.as_ref().clone()),
        span: Some(instance.span.clone()),
    }
}

/// True unless two providers are known to lead to different servers.
fn may_be_same(one: usize, other: usize, sides: &[Side]) -> bool {
    let apis = (sides[one].capabilities(), sides[other].capabilities());
    let differ = matches!(apis, (Some(one), Some(other)) if one.api != other.api);
    one == other
        || !differ
            && match (&sides[one].server, &sides[other].server) {
                (Server::Known(_), Server::Known(_)) => sides[one].is_same_server(&sides[other]),
                _ => true,
            }
}
