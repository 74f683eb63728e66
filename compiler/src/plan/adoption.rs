//! What of a server's objects is taken over into a configuration, in what shape, and what becomes of its secret.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use super::in_use::Bond;
use super::inventory::{Found, Inventory};
use crate::model::authored::authored_without_name;
use crate::model::lifetime::Lifetime;
use crate::model::naming::{Claim, Owner, claims};
use crate::model::server::{Capabilities, Limit, Recovery, RotationCapability};
use crate::model::state::Outline;
use crate::model::{Kind, State};
use crate::value::Value;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    pub kind: Option<Kind>,
    /// Any of these; all where none is given.
    pub names: Vec<Names>,
    /// Only what the configuration does not speak of.
    pub unconfigured: bool,
    /// Only what Lanyard manages.
    pub owned: bool,
    /// Not what the server says that somebody manages.
    pub unmanaged: bool,
    pub with_credential_in_use: bool,
}

/// Which names are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Names {
    /// With this in it.
    Part(String),
    /// `*` stands for any text, `?` for one letter.
    Pattern(String),
}

/// Why an object is left out, though it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A configuration that holds the credential that it is applied with can end it.
    InUse,
    ManagedBy(String),
    /// No configuration can have its name: what it must be.
    NameRefused(&'static str),
    /// A configuration has every text in Unicode's composed form, and there another object has its name.
    SameName,
}

/// What is taken over, in the order of its names.
#[derive(Debug, Default)]
pub struct Chosen<'a> {
    pub objects: Vec<&'a Found>,
    pub left_out: Vec<(&'a Found, Reason)>,
}

/// What becomes of an adopted object's secret.
#[derive(Clone, Debug, PartialEq)]
pub enum Secret {
    /// The object has none.
    None,
    /// The server shows it again.
    ComesAlong,
    /// A rotation gives a new one, and the old one is accepted for at most so long; without a limit where it is ours to end.
    NewBesideOld { at_most: Option<Lifetime> },
    /// A rotation gives a new one, and the old one ends.
    NewForOld { instead: &'static str },
    /// It cannot be replaced.
    Stays { instead: &'static str },
}

/// One resource, or one with `for_each` where names follow a pattern.
#[derive(Debug)]
pub enum Shape<'a> {
    One(&'a Found),
    Each {
        prefix: String,
        suffix: String,
        /// What stands between them, and the object.
        members: BTreeMap<String, &'a Found>,
    },
}

/// What people know an object by: its name, else its address, else its id.
pub fn known_as(object: &Found) -> &str {
    let state = &object.state;
    let said = [&state.name, &state.email, &state.id];
    let mut said = said.into_iter().flatten().map(String::as_str);
    said.find(|text| !text.is_empty()).unwrap_or_default()
}

impl Names {
    /// True if the object is meant, by its name or by its address.
    pub fn mean(&self, object: &Found) -> bool {
        let name = object.state.name.as_deref().unwrap_or_default();
        self.meets(name)
            || object
                .state
                .email
                .as_deref()
                .is_some_and(|email| self.meets(email))
    }

    /// True if the name is meant.
    pub fn meets(&self, name: &str) -> bool {
        match self {
            Self::Part(part) => name.contains(part.as_str()),
            Self::Pattern(pattern) => {
                let pattern: Vec<char> = pattern.chars().collect();
                let name: Vec<char> = name.chars().collect();
                meets(&pattern, &name)
            }
        }
    }
}

/// The team that a name speaks of: what the first `*` of the pattern that it meets stands for, as far as the next mark that parts words.
/// Without a pattern, what stands before the first mark. `None` where nothing does.
pub fn team<'n>(name: &'n str, names: &[Names]) -> Option<&'n str> {
    let met = names.iter().find_map(|names| match names {
        Names::Pattern(pattern) if names.meets(name) => Some(pattern.as_str()),
        _ => None,
    });
    let before = met
        .unwrap_or("*")
        .chars()
        .take_while(|letter| *letter != '*');
    let before = before.count();
    let (start, _) = name.char_indices().nth(before)?;
    let rest = name[start..].trim_start_matches(is_mark);
    match rest.find(is_mark) {
        Some(end) => Some(&rest[..end]),
        // All of a name is no team.
        None => (before > 0 && !rest.is_empty()).then_some(rest),
    }
}

/// Goes back to the last `*` only, so that no pattern takes long.
fn meets(pattern: &[char], name: &[char]) -> bool {
    let (mut at, mut place) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while place < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, place));
                at += 1;
            }
            Some(letter) if *letter == '?' || *letter == name[place] => {
                at += 1;
                place += 1;
            }
            _ => {
                let Some((back, from)) = star else {
                    return false;
                };
                star = Some((back, from + 1));
                at = back + 1;
                place = from + 1;
            }
        }
    }
    pattern[at..].iter().all(|letter| *letter == '*')
}

/// What is asked for of everything that a server has. What is `here` no other provider of the server has.
pub fn choose<'a>(
    inventory: &'a Inventory,
    server: &Capabilities,
    here: impl Fn(&Found) -> bool,
    bond: impl Fn(&State) -> Option<Bond>,
    wish: &Wish,
) -> Chosen<'a> {
    let mut chosen = Chosen::default();
    let found = inventory.found().iter().enumerate();
    let mut wanted: Vec<&Found> = found
        .filter(|(_, object)| here(object))
        .filter(|(index, _)| !wish.unconfigured || !inventory.is_claimed(*index))
        .map(|(_, object)| object)
        .filter(|object| wish.kind.is_none_or(|kind| kind == object.kind))
        .filter(|object| !wish.owned || inventory.is_ours(object))
        .filter(|object| wish.names.is_empty() || wish.names.iter().any(|names| names.mean(object)))
        .collect();
    // Servers list in orders of their own, and what is written is compared with the time before.
    wanted.sort_by_key(|object| {
        let name = object.state.name.as_deref().unwrap_or_default();
        (
            object.kind,
            name,
            object.state.id.as_deref().unwrap_or_default(),
        )
    });
    for object in wanted {
        let is_in_use = bond(&object.state) == Some(Bond::Itself);
        if is_in_use && !wish.with_credential_in_use {
            chosen.left_out.push((object, Reason::InUse));
        } else if let (true, Some(manager)) = (wish.unmanaged, &object.managed_by) {
            let reason = Reason::ManagedBy(manager.clone());
            chosen.left_out.push((object, reason));
        } else if let Some(must_be) = name_refused(object, server) {
            let reason = Reason::NameRefused(must_be);
            chosen.left_out.push((object, reason));
        } else {
            chosen.objects.push(object);
        }
    }
    leave_out_twins(&mut chosen, server);
    chosen
}

/// Leaves out what a configuration could not tell from another object: their names differ in Unicode's form alone.
fn leave_out_twins(chosen: &mut Chosen<'_>, server: &Capabilities) {
    let is_composed = |object: &Found| object.state.name.as_deref().is_none_or(is_nfc);
    if chosen.objects.iter().all(|object| is_composed(object)) {
        return;
    }
    let composed = chosen.objects.iter().filter(|object| is_composed(object));
    let mut taken: HashSet<Claim> = composed
        .flat_map(|object| claims_of(object, server))
        .collect();
    let Chosen { objects, left_out } = chosen;
    objects.retain(|object| {
        if is_composed(object) {
            return true;
        }
        let claims = claims_of(object, server);
        let is_told = claims.iter().all(|claim| !taken.contains(claim));
        taken.extend(claims);
        if !is_told {
            left_out.push((object, Reason::SameName));
        }
        is_told
    });
}

/// What no other object of a configuration can have.
fn claims_of(object: &Found, server: &Capabilities) -> Vec<Claim> {
    let mut state = object.state.clone();
    state.name = state.name.as_deref().map(|name| name.nfc().collect());
    let outline = Outline::of(&state.write());
    let owner = Owner::of(object.kind, &outline);
    owner.map_or_else(Vec::new, |owner| {
        claims(object.kind, server, None, owner, &outline)
    })
}

/// What a name must be, where the object's is not that.
fn name_refused(object: &Found, server: &Capabilities) -> Option<&'static str> {
    if let Some(id) = object.state.id.as_deref() {
        if id.trim() != id {
            return Some("without blanks around it, or no `import` finds it");
        }
        if !is_nfc(id) {
            return Some("in Unicode's composed form (NFC), or no `import` finds it");
        }
    }
    let name = object.state.name.as_deref()?;
    let can = object.state.capabilities(server).attribute("name")?;
    can.limits.iter().find_map(|limit| match limit {
        Limit::Pattern { fits, description } if !fits(name) => Some(*description),
        _ => None,
    })
}

/// Which of a numbered list an answer means: numbers from 1, ranges, names with `*` and `?`, or `all`. Fails with the part that means
/// none.
pub fn picked(answer: &str, names: &[&str]) -> Result<BTreeSet<usize>, String> {
    let mut picked = BTreeSet::new();
    for part in answer
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let range = part.split_once('-').unwrap_or((part, part));
        let numbers = (
            range.0.trim().parse::<usize>(),
            range.1.trim().parse::<usize>(),
        );
        let before = picked.len();
        match numbers {
            (Ok(first), Ok(last)) if first >= 1 && last <= names.len() => {
                picked.extend(first - 1..last);
            }
            (Ok(_), Ok(_)) => {}
            _ => {
                let pattern = Names::Pattern(if part == "all" { "*" } else { part }.to_owned());
                let met = names
                    .iter()
                    .enumerate()
                    .filter(|(_, name)| pattern.meets(name));
                picked.extend(met.map(|(index, _)| index));
            }
        }
        if picked.len() == before {
            return Err(part.to_owned());
        }
    }
    Ok(picked)
}

/// What becomes of the secret of an object that is taken over.
pub fn secret(object: &Found, server: &Capabilities) -> Secret {
    let can = object.state.capabilities(server);
    if !can.issues_secret {
        return Secret::None;
    }
    if can.recovery == Recovery::ReadSecret {
        return Secret::ComesAlong;
    }
    match can.rotation {
        RotationCapability::Server { max_grace, .. } => Secret::NewBesideOld { at_most: max_grace },
        RotationCapability::TwoSlots => Secret::NewBesideOld { at_most: None },
        RotationCapability::NoOverlap { instead } => Secret::NewForOld { instead },
        RotationCapability::Impossible { instead } => Secret::Stays { instead },
    }
}

/// Objects that differ in nothing but a part of their names become one resource.
pub fn shapes<'a>(objects: &[&'a Found], server: &Capabilities) -> Vec<Shape<'a>> {
    let mut shapes = Vec::new();
    let mut rest: Vec<&Found> = objects.to_vec();
    for cut in [prefix_of, suffix_of] {
        let mut groups: Vec<(Kind, Value, &str, Vec<&'a Found>)> = Vec::new();
        for object in std::mem::take(&mut rest) {
            let name = object.state.name.as_deref().unwrap_or_default();
            // A name that is nothing else is no member of a pattern.
            let common = Some(cut(name))
                .filter(|common| common.len() < name.len())
                .unwrap_or_default();
            let body = authored_without_name(Some(server), &object.state);
            let group = groups.iter_mut().find(|(kind, alike, part, _)| {
                *kind == object.kind && *part == common && !common.is_empty() && *alike == body
            });
            match group {
                Some((.., members)) => members.push(object),
                None => groups.push((object.kind, body, common, vec![object])),
            }
        }
        for (_, _, common, members) in groups {
            let keyed: BTreeMap<String, &Found> = members
                .iter()
                .map(|object| {
                    let name = object.state.name.as_deref().unwrap_or_default();
                    let key = name
                        .strip_prefix(common)
                        .or_else(|| name.strip_suffix(common));
                    (key.unwrap_or(name).to_owned(), *object)
                })
                .collect();
            if members.len() < 2 || keyed.len() < members.len() {
                rest.extend(members);
                continue;
            }
            let is_prefix = members.iter().all(|object| {
                object
                    .state
                    .name
                    .as_deref()
                    .unwrap_or_default()
                    .starts_with(common)
            });
            let (prefix, suffix) = if is_prefix {
                (common, "")
            } else {
                ("", common)
            };
            shapes.push(Shape::Each {
                prefix: prefix.to_owned(),
                suffix: suffix.to_owned(),
                members: keyed,
            });
        }
    }
    shapes.extend(rest.into_iter().map(Shape::One));
    shapes.sort_by_key(|shape| {
        let first = match shape {
            Shape::One(object) => Some(*object),
            Shape::Each { members, .. } => members.values().next().copied(),
        };
        first.map(|object| {
            (
                object.kind,
                object.state.name.clone(),
                object.state.id.clone(),
            )
        })
    });
    shapes
}

/// As far as the last mark that parts words.
fn prefix_of(name: &str) -> &str {
    let end = name.rfind(is_mark).map_or(0, |mark| mark + 1);
    &name[..end]
}

fn suffix_of(name: &str) -> &str {
    name.find(is_mark).map_or("", |mark| &name[mark..])
}

fn is_mark(letter: char) -> bool {
    matches!(letter, '/' | '-' | '_' | '.' | ':' | ' ')
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::model::observe;
    use crate::model::record::AccessTokenRecord;
    use crate::model::server::{Api, capabilities};

    fn token(name: &str, description: Option<&str>, manager: Option<&str>) -> Found {
        let record = AccessTokenRecord {
            id: format!("id-{name}"),
            name: name.to_owned(),
            description: description.map(str::to_owned),
            ..AccessTokenRecord::default()
        };
        Found {
            kind: Kind::AccessToken,
            state: observe::access_token(&record),
            managed_by: manager.map(str::to_owned),
            created_at: None,
            last_used_at: None,
            trace: None,
            claimed_by: None,
        }
    }

    #[test]
    fn patterns_mean_whole_names() {
        for (pattern, name, meets) in [
            ("team/*", "team/shop", true),
            ("team/*", "my-team/shop", false),
            ("*shop*", "team/shop-2", true),
            ("ci-?", "ci-1", true),
            ("ci-?", "ci-12", false),
            ("ci", "ci", true),
            ("*a*a*a*a*a*a*b", &"a".repeat(5_000), false),
        ] {
            assert_eq!(
                Names::Pattern(pattern.to_owned()).meets(name),
                meets,
                "{pattern}"
            );
        }
    }

    #[test]
    fn a_team_is_what_the_first_star_stands_for() {
        for (pattern, name, expected) in [
            ("team/*", "team/shop", Some("shop")),
            ("team/*", "team/shop/ci", Some("shop")),
            ("team-*-ci", "team-shop-ci", Some("shop")),
            ("*", "shop/ci", Some("shop")),
            ("*", "shop-ci-2", Some("shop")),
            ("*", "alone", None),
            ("*/ci", "shop/ci", Some("shop")),
            ("team*", "team/shop", Some("shop")),
            ("team/*", "team/", None),
            ("ci", "ci", None),
            ("ä?*", "äbcd-e", Some("cd")),
        ] {
            let names = [Names::Pattern(pattern.to_owned())];
            assert_eq!(team(name, &names), expected, "{pattern} {name}");
        }
        assert_eq!(team("shop/ci", &[]), Some("shop"));
    }

    #[test]
    fn what_others_manage_and_the_credential_in_use_are_left_out() {
        let found = vec![
            token("mine", None, None),
            token("in-use", None, None),
            token("theirs", None, Some("somebody")),
            token("other", None, None),
        ];
        let inventory = Inventory::new(found, Some("lanyard"), Timestamp::UNIX_EPOCH);
        let bond = |state: &State| match state.name.as_deref() {
            Some("in-use") => Some(Bond::Itself),
            _ => None,
        };
        let wish = Wish {
            names: ["m*", "in-*", "the*"]
                .map(|name| Names::Pattern(name.to_owned()))
                .to_vec(),
            unmanaged: true,
            ..Wish::default()
        };
        let Chosen { objects, left_out } =
            choose(&inventory, capabilities(Api::Native), |_| true, bond, &wish);
        let names: Vec<_> = objects
            .iter()
            .filter_map(|object| object.state.name.as_deref())
            .collect();
        assert_eq!(names, ["mine"]);
        let reasons: Vec<_> = left_out.into_iter().map(|(_, reason)| reason).collect();
        assert_eq!(
            reasons,
            [Reason::InUse, Reason::ManagedBy("somebody".to_owned())]
        );
    }

    #[test]
    fn what_no_configuration_can_name_is_left_out() {
        let found = ["..", "...", "ci", "trail ", "e\u{301}"].map(|name| token(name, None, None));
        let inventory = Inventory::new(found.into(), None, Timestamp::UNIX_EPOCH);
        let left_out = |api: Api| {
            let wish = Wish::default();
            let chosen = choose(&inventory, capabilities(api), |_| true, |_| None, &wish);
            let left_out = chosen.left_out.iter();
            left_out
                .map(|(object, _)| known_as(object).to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(left_out(Api::Splunk), ["..", "e\u{301}", "trail "]);
        assert_eq!(left_out(Api::Osmo), ["..", "...", "e\u{301}", "trail "]);
    }

    #[test]
    fn of_names_that_are_one_in_a_configuration_only_one_is_taken_over() {
        let of = |account: &str, name: &str| {
            let mut found = token(name, None, None);
            found.state.id = Some(format!("at_{account}_{}", name.len()));
            found.state.service_account = Some(account.to_owned());
            found
        };
        // Å as a letter, as A with a ring, and as the unit.
        let found = vec![
            of("a", "A\u{30a}"),
            of("a", "\u{c5}"),
            of("b", "A\u{30a}"),
            of("c", "\u{212b}"),
            of("c", "A\u{30a}"),
        ];
        let inventory = Inventory::new(found, None, Timestamp::UNIX_EPOCH);
        let wish = Wish::default();
        let server = capabilities(Api::Native);
        let chosen = choose(&inventory, server, |_| true, |_| None, &wish);
        let shown = |object: &Found| {
            let account = object.state.service_account.as_deref().unwrap_or_default();
            format!("{account} {}", known_as(object))
        };
        let objects: Vec<_> = chosen.objects.iter().map(|object| shown(object)).collect();
        assert_eq!(objects, ["b A\u{30a}", "c A\u{30a}", "a \u{c5}"]);
        let left_out: Vec<_> = chosen
            .left_out
            .iter()
            .map(|(object, reason)| (shown(object), reason.clone()))
            .collect();
        assert_eq!(
            left_out,
            [
                ("a A\u{30a}".to_owned(), Reason::SameName),
                ("c \u{212b}".to_owned(), Reason::SameName)
            ]
        );
    }

    #[test]
    fn an_answer_means_numbers_ranges_and_names() {
        let names = ["ci", "team/shop", "team/web", "x"];
        for (answer, expected) in [
            ("1, 3-4", Ok(vec![0, 2, 3])),
            ("team/*", Ok(vec![1, 2])),
            ("all", Ok(vec![0, 1, 2, 3])),
            ("", Ok(vec![])),
            ("9", Err("9".to_owned())),
            ("1,nobody", Err("nobody".to_owned())),
            ("3-1", Err("3-1".to_owned())),
        ] {
            let picked =
                picked(answer, &names).map(|picked| picked.into_iter().collect::<Vec<_>>());
            assert_eq!(picked, expected, "{answer}");
        }
    }

    #[test]
    fn what_differs_by_name_alone_becomes_one_resource() {
        let found: Vec<Found> = [
            "team/shop",
            "team/web",
            "team/",
            "a-ci",
            "b-ci",
            "alone",
            "team/odd",
        ]
        .into_iter()
        .map(|name| token(name, (name == "team/odd").then_some("other"), None))
        .collect();
        let objects: Vec<&Found> = found.iter().collect();
        let shown: Vec<String> = shapes(&objects, capabilities(Api::Native))
            .iter()
            .map(|shape| match shape {
                Shape::One(object) => object.state.name.clone().unwrap_or_default(),
                Shape::Each {
                    prefix,
                    suffix,
                    members,
                } => {
                    format!(
                        "{prefix}[{}]{suffix}",
                        members.keys().cloned().collect::<Vec<_>>().join(" ")
                    )
                }
            })
            .collect();
        assert_eq!(
            shown,
            ["[a b]-ci", "alone", "team/", "team/odd", "team/[shop web]"]
        );
    }
}
