//! Who may see a token on its server. A block that is not there means administrators only, on every server that has it.

use std::collections::BTreeSet;

use crate::model::State;
use crate::model::access_token::VisibilityLevel;
use crate::model::state::{Part as _, Seen, Shown, Visibility};

/// What `visibility` says.
type Said = Seen<Option<Visibility<Shown>>>;

/// Who may see it after a change and could not before, in words; `None` if nobody. There is no prior state for a creation.
pub(super) fn seen_by_more(before: Option<&State<Shown>>, after: &State<Shown>) -> Option<String> {
    let after = said(after)?;
    let before = before.map_or(Some(Said::Known(None)), said)?;
    if before == after {
        return None;
    }
    let (Some(had), Some(has)) = (audience(&before), audience(&after)) else {
        // What only the apply can tell is no change that somebody makes here.
        let is_hidden = |said: &Said| said.write().holds_secret();
        return (is_hidden(&before) || is_hidden(&after))
            .then(|| "visibility, hidden: maybe more than before".to_owned());
    };
    match (had, has) {
        (Audience::Everyone, _) | (_, Audience::Admins) => None,
        (_, Audience::Everyone) => Some("visible to everyone on its server".to_owned()),
        (Audience::Admins, Audience::Selected(names)) => Some(visible_to(&names)),
        (Audience::Selected(had), Audience::Selected(has)) => {
            let new: BTreeSet<String> = has.difference(&had).cloned().collect();
            (!new.is_empty()).then(|| visible_to(&new))
        }
    }
}

enum Audience {
    Admins,
    /// `user u_1`, `team t_1`.
    Selected(BTreeSet<String>),
    Everyone,
}

fn visible_to(names: &BTreeSet<String>) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    format!("visible to {}", names.join(", "))
}

/// `None` for a kind without it, and where it cannot be read: that is complained of elsewhere.
fn said(state: &State<Shown>) -> Option<Said> {
    Said::read(state.others().get("visibility")?).ok()
}

/// `None` where part of it is not known, or hidden.
fn audience(said: &Said) -> Option<Audience> {
    let Seen::Known(said) = said else {
        return None;
    };
    let Some(said) = said else {
        return Some(Audience::Admins);
    };
    let names = |word: &str, names: &Seen<Option<Vec<Seen<String>>>>| {
        let Seen::Known(names) = names else {
            return None;
        };
        let names = names.iter().flatten();
        names
            .map(|name| match name {
                Seen::Known(name) => Some(format!("{word} {name}")),
                Seen::Unknown | Seen::Hidden(_) => None,
            })
            .collect::<Option<BTreeSet<String>>>()
    };
    Some(match &said.level {
        Seen::Known(Some(VisibilityLevel::Admins) | None) => Audience::Admins,
        Seen::Known(Some(VisibilityLevel::Everyone)) => Audience::Everyone,
        Seen::Known(Some(VisibilityLevel::Selected)) => {
            let mut all = names("user", &said.users)?;
            all.extend(names("team", &said.teams)?);
            Audience::Selected(all)
        }
        Seen::Unknown | Seen::Hidden(_) => return None,
    })
}
