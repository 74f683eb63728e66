//! Variables of tokens that ended with their accounts: nobody gets in with what stands there.

use std::collections::{HashMap, HashSet};

use super::{MARK, Owner};
use crate::delivery::Place;
use crate::model::Kind;
use crate::model::state::{Planned, State};

/// What a file said of its variables before its server was asked what it has: of what came since, nothing is known.
pub(crate) struct Comments<'a>(HashMap<&'a str, Vec<&'a str>>);

impl<'a> Comments<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        let mut comments: HashMap<&str, Vec<&str>> = HashMap::new();
        for line in text.lines() {
            let said = line.strip_prefix(MARK);
            if let Some((variable, _)) = said.and_then(|said| said.split_once(" is ")) {
                comments.entry(variable).or_default().push(line);
            }
        }
        Self(comments)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The comments above a variable that name a token of this name whose account its server does not have.
    pub(crate) fn ended(
        &self,
        variable: &str,
        place: &Place,
        planned: &State<Planned>,
        accounts: &Accounts,
    ) -> Vec<String> {
        let (Some(comments), Some(name)) = (self.0.get(variable), planned.name.value()) else {
            return Vec::new();
        };
        let account = &planned.service_account;
        if planned.kind() != Kind::AccessToken || !account.is_unknown() && account.value().is_none()
        {
            return Vec::new();
        }
        let called = Owner::new(place, Kind::AccessToken, [Some(name), None, None]).called;
        let before = format!("{MARK}{variable} is the secret of {called} of the account ");
        let after = format!(" on {place}");
        let is_over = |line: &&&str| {
            let account = line.strip_prefix(&before);
            let account = account.and_then(|rest| rest.strip_suffix(&after));
            account.is_some_and(|account| accounts.lack(account))
        };
        let ended = comments.iter().filter(is_over);
        ended.map(|line| (*line).to_owned()).collect()
    }
}

/// All accounts of a server, as comments name them.
pub(crate) struct Accounts(HashSet<String>);

impl Accounts {
    pub(crate) fn of<'a>(ids: impl IntoIterator<Item = &'a str>) -> Self {
        Self(ids.into_iter().map(|id| format!("{id:?}")).collect())
    }

    fn lack(&self, quoted: &str) -> bool {
        quoted.starts_with('"') && quoted.ends_with('"') && !self.0.contains(quoted)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Due, taken_in};
    use super::*;
    use crate::model::state::Open;
    use crate::value::Value;

    #[test]
    fn the_secret_of_a_token_that_ended_with_its_account_is_in_nobodys_way() {
        let place = Place::new("https://t.example", None);
        let of = |place: &Place, name: &str, account: Option<&str>| {
            let account = account.as_ref();
            Owner::new(place, Kind::AccessToken, [Some(&name), None, account])
        };
        let planned = |account: Open<Option<String>>| {
            let named = Value::map([("name", "ci".into())]);
            let planned = State::<Planned>::read_any(Kind::AccessToken, &named);
            let mut planned = planned.unwrap().unwrap();
            planned.service_account = account;
            planned
        };
        let due = |ended| Due {
            variable: "T".into(),
            address: "lanyard_access_token.t".into(),
            owners: Vec::new(),
            ended,
        };
        let accounts = Accounts::of(["sa_2"]);
        let ended = |text: &str, planned: &State<Planned>| {
            Comments::of(text).ended("T", &place, planned, &accounts)
        };
        let elsewhere = Place::new("https://u.example", None);
        for (there, is_free) in [
            (of(&place, "ci", Some("sa_1")), true),
            (of(&place, "ci", Some("sa_2")), false),
            (of(&place, "web", Some("sa_1")), false),
            (of(&place, "ci", None), false),
            (of(&elsewhere, "ci", Some("sa_1")), false),
        ] {
            let text = format!("{}\nT=old\n", there.comment("T"));
            let known = due(ended(&text, &planned(Open::Unknown)));
            assert_eq!(taken_in(&text, [&known]).is_empty(), is_free, "{text}");
            // It came since, and so may its account.
            assert_eq!(taken_in(&text, [&due(Vec::new())]).len(), 1, "{text}");
            let of_nobody = ended(&text, &planned(Open::Known(None)));
            assert_eq!(of_nobody, [""; 0], "it has no account");
        }
    }
}
