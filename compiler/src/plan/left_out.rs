//! Secrets inside repeated blocks that the configuration leaves out: what is hidden is not empty, so each stays as the state has it. A
//! configuration that was exported or generated can say nothing else of them.

use std::borrow::Cow;

use super::meaning::same;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::facts;
use crate::model::kind::Kind;
use crate::model::schema::{Attribute, Block, Nesting};
use crate::value::{AttributePath, Entries, Value};

/// The configuration with these secrets. Blocks are the same that agree in all else that is written.
pub(super) fn with_secrets<'a>(kind: Kind, prior: &Value, config: &'a Value) -> Cow<'a, Value> {
    let mut config = Cow::Borrowed(config);
    for block in &facts::schema(kind).body.blocks {
        let before = prior.get(&block.name).as_list().unwrap_or_default();
        let written = config.get(&block.name).as_list().unwrap_or_default();
        if has_gaps(block, written) && before.iter().any(Value::holds_secret) {
            let filled = Value::List(filled(block, before, written));
            if let Value::Map(entries) = config.to_mut() {
                entries.insert(block.name.as_str(), filled);
            }
        }
    }
    config
}

/// True if a block of the configuration leaves a secret out: nothing else asks for what was before.
pub(super) fn leaves_out(kind: Kind, config: &Value) -> bool {
    facts::schema(kind).body.blocks.iter().any(|block| {
        let written = config.get(&block.name).as_list();
        has_gaps(block, written.unwrap_or_default())
    })
}

fn has_gaps(block: &Block, written: &[Value]) -> bool {
    block.nesting == Nesting::List && written.iter().any(|item| gaps(block, item) > 0)
}

/// How many secrets a block leaves out.
fn gaps(block: &Block, item: &Value) -> usize {
    let hidden = block.body.attributes.iter().filter(|each| each.sensitive);
    let is_block = item.as_map().is_some();
    let left_out = hidden.filter(|each| is_block && item.get(&each.name).is_null());
    left_out.count()
}

fn filled(block: &Block, before: &[Value], written: &[Value]) -> Vec<Value> {
    // Which is which only the apply knows, where a part is not known.
    if !written.iter().all(Value::is_wholly_known) {
        return written
            .iter()
            .map(|item| opened(block, before, item))
            .collect();
    }
    let (pairs, _) = paired(block, before, written);
    let filled = written.iter().zip(pairs).map(|(item, known)| match known {
        Some(known) => with_gaps_filled(block, item, |name| known.get(name).clone()),
        None => item.clone(),
    });
    filled.collect()
}

/// For each written block the one before that it stands for, and those that none stands for.
fn paired<'a>(
    block: &Block,
    before: &'a [Value],
    written: &[Value],
) -> (Vec<Option<&'a Value>>, Vec<&'a Value>) {
    let mut pairs = vec![None; written.len()];
    let mut rest: Vec<&Value> = before.iter().collect();
    let mut order: Vec<usize> = (0..written.len()).collect();
    // Who says most chooses first.
    order.sort_by_key(|index| gaps(block, &written[*index]));
    for index in order {
        let found = rest
            .iter()
            .position(|known| agree(block, known, &written[index]));
        pairs[index] = found.map(|position| rest.remove(position));
    }
    (pairs, rest)
}

/// Warns where a block goes and nothing tells which: another one that stays fits it as well, since its secrets are left out.
pub(super) fn not_told_apart(kind: Kind, prior: &Value, config: &Value) -> Option<Diagnostic> {
    facts::schema(kind).body.blocks.iter().find_map(|block| {
        let before = prior.get(&block.name).as_list()?;
        let written = config.get(&block.name).as_list()?;
        if block.nesting != Nesting::List || !written.iter().all(Value::is_wholly_known) {
            return None;
        }
        let (_, rest) = paired(block, before, written);
        let goes = *rest.iter().find(|known| {
            let mut written = written.iter().filter(|item| gaps(block, item) > 0);
            known.holds_secret() && written.any(|item| agree(block, known, item))
        })?;
        let place = before.iter().position(|known| std::ptr::eq(known, goes))?;
        let path = AttributePath::attribute(&block.name);
        Some(
            Diagnostic::warning(Code::BlockNotToldApart, "Nothing tells which block goes")
                .at(path.clone())
                .detail(format!(
                    "{} goes from the token server. A block that stays fits it as well, since what is secret about it is left out.",
                    path.index(place)
                ))
                .hint("Write in the block that stays what is secret about it, and the other one goes."),
        )
    })
}

/// With each secret open that may turn out to be one of a block before that this one may stand for.
fn opened(block: &Block, before: &[Value], item: &Value) -> Value {
    let may_be = |known: &&Value| {
        block.body.attributes.iter().all(|attribute| {
            let written = item.get(&attribute.name);
            written.is_unknown() || says_the_same(attribute, known, written)
        })
    };
    let candidates: Vec<&Value> = before.iter().filter(may_be).collect();
    with_gaps_filled(block, item, |name| {
        if candidates.iter().any(|known| !known.get(name).is_null()) {
            Value::Unknown
        } else {
            Value::Null
        }
    })
}

fn with_gaps_filled(block: &Block, item: &Value, fill: impl Fn(&str) -> Value) -> Value {
    let Value::Map(entries) = item else {
        return item.clone();
    };
    let mut entries: Entries = entries.clone();
    for attribute in block.body.attributes.iter().filter(|each| each.sensitive) {
        let name = attribute.name.as_str();
        if item.get(name).is_null() {
            entries.insert(name, fill(name));
        }
    }
    Value::Map(entries)
}

fn agree(block: &Block, known: &Value, written: &Value) -> bool {
    let mut attributes = block.body.attributes.iter();
    attributes.all(|attribute| says_the_same(attribute, known, written.get(&attribute.name)))
}

/// True if both blocks agree in this attribute; a secret that `written` leaves out may be any.
pub(super) fn says_the_same(attribute: &Attribute, known: &Value, written: &Value) -> bool {
    attribute.sensitive && written.is_null()
        || same(attribute.format, known.get(&attribute.name), written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    const KIND: Kind = Kind::AccessToken;

    /// Receivers, each of a type, a channel, a URL and a secret; `_` is left out, and `?` not known yet.
    fn token(alerts: &[&str]) -> Value {
        let alert = |text: &&str| {
            let block = facts::schema(KIND).body.block("alert");
            let mut alert = block.map(|block| block.body.empty()).unwrap_or_default();
            for (name, said) in ["type", "channel", "url", "secret"]
                .iter()
                .zip(text.split(' '))
            {
                let value = match (said, *name) {
                    ("_", _) => Value::Null,
                    ("?", _) => Value::Unknown,
                    (text, "url" | "secret") => Secret::new(text).into(),
                    (text, _) => text.into(),
                };
                alert.insert(*name, value);
            }
            Value::Map(alert)
        };
        let alerts = Value::List(alerts.iter().map(alert).collect());
        facts::object(KIND, [("alert", alerts)])
    }

    #[track_caller]
    fn check(before: &[&str], written: &[&str], expected: &[&str]) {
        let written = token(written);
        let filled = with_secrets(KIND, &token(before), &written).into_owned();
        let expected = token(expected);
        let shown = filled.get("alert").as_list().unwrap().iter();
        let secrets: Vec<_> = shown
            .map(|alert| {
                ["url", "secret"].map(|name| alert.get(name).as_secret().map(Secret::expose))
            })
            .collect();
        assert!(filled == expected, "{filled:?} {secrets:?}");
    }

    #[test]
    fn what_is_left_out_stays() {
        check(&["Webhook _ a s"], &["Webhook _ _ _"], &["Webhook _ a s"]);
        check(&["Webhook _ a s"], &["Webhook _ a _"], &["Webhook _ a s"]);
        check(&["Webhook _ a s"], &["Webhook _ b t"], &["Webhook _ b t"]);
        check(&[], &["Webhook _ a _"], &["Webhook _ a _"]);
    }

    #[test]
    fn another_receiver_gets_no_secret_of_this_one() {
        for other in ["Webhook _ b _", "Webhook c _ _", "Slack _ _ _"] {
            check(&["Webhook _ a s"], &[other], &[other]);
        }
        check(&["Webhook c a s"], &["Webhook _ _ _"], &["Webhook _ _ _"]);
    }

    #[test]
    fn order_and_number_do_not_matter() {
        check(
            &["Webhook _ a s", "Webhook _ b t"],
            &["Email _ _ _", "Webhook _ _ _", "Webhook _ a _"],
            &["Email _ _ _", "Webhook _ b t", "Webhook _ a s"],
        );
        check(
            &["Webhook _ a s", "Webhook _ b t"],
            &["Webhook _ _ _", "Webhook _ _ _", "Webhook _ _ _"],
            &["Webhook _ a s", "Webhook _ b t", "Webhook _ _ _"],
        );
    }

    #[test]
    fn what_is_not_known_decides_nothing_yet() {
        check(
            &["Webhook x a s"],
            &["Webhook ? _ s", "? x _ _"],
            &["Webhook ? ? s", "? x ? ?"],
        );
    }

    #[test]
    fn what_is_not_known_of_one_opens_nothing_of_another() {
        check(
            &["Email c _ _", "Webhook x a s"],
            &["Email ? _ _", "Webhook x a s"],
            &["Email ? _ _", "Webhook x a s"],
        );
        // No block before has this secret.
        check(
            &["Webhook x a s"],
            &["Webhook ? _ t", "Email _ _ _"],
            &["Webhook ? _ t", "Email _ _ _"],
        );
    }
}
