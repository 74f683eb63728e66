//! A file of environment variables, as a shell reads it: whose secret each is, and how one is replaced.

mod ended;

use std::collections::{HashMap, HashSet};
use std::fmt;

pub(crate) use ended::{Accounts, Comments};

use super::place::Place;
use crate::model::Kind;
use crate::model::state::{Planned, State};

/// Begins the comment above a variable of ours.
const MARK: &str = "# Lanyard: ";

/// Whose secret a variable is, as the comment above it says. Names tell it, as everywhere without a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// What it is and is called; the rest tells it from others of that name.
    called: String,
    rest: String,
}

impl Owner {
    fn new<T: AsRef<str>>(
        place: &Place,
        kind: Kind,
        [name, email, account]: [Option<&T>; 3],
    ) -> Self {
        let plain = |text: String| text.replace(char::is_control, " ");
        let name = name.map(|name| format!(" {:?}", name.as_ref()));
        let email = email.map(|email| format!(" ({})", email.as_ref()));
        let account = account.map(|id| format!(" of the account {:?}", id.as_ref()));
        let [name, email, account] = [name, email, account].map(Option::unwrap_or_default);
        Self {
            called: plain(format!("{}{name}", kind.title())),
            rest: plain(format!("{email}{account} on {place}")),
        }
    }

    /// That of what is there. An account whose e-mail address tells it from others has one.
    pub fn of(place: &Place, state: &State) -> Self {
        let said = [&state.name, &state.email, &state.service_account].map(Option::as_ref);
        Self::new(place, state.kind(), said)
    }

    /// That of what is asked for; `None` where that is not known yet.
    pub(crate) fn of_planned(place: &Place, planned: &State<Planned>) -> Option<Self> {
        let said = [&planned.name, &planned.email, &planned.service_account];
        let is_known = said.iter().all(|each| !each.is_unknown());
        is_known.then(|| Self::new(place, planned.kind(), said.map(|each| each.value())))
    }

    fn comment(&self, variable: &str) -> String {
        format!("{MARK}{variable} is the secret of {self}")
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { called, rest } = self;
        write!(formatter, "{called}{rest}")
    }
}

/// A variable that is to get a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub variable: String,
    pub address: String,
    /// Whose secret may stand there by now: that of the object that is there, and that of the one that is asked for, as far as it is known.
    pub owners: Vec<Owner>,
    /// The comments there above what nobody gets in with any more.
    pub ended: Vec<String>,
}

/// The variables that must not be overwritten, because they hold what may be somebody else's secret, which can be had only once: each with
/// the reason.
pub fn taken_in<'a>(text: &str, due: impl IntoIterator<Item = &'a Due>) -> Vec<(&'a Due, String)> {
    let mut by_name: HashMap<&str, Vec<Part<'_>>> = HashMap::new();
    for part in parts(text) {
        if let (Some(name), false) = (part.name, part.is_empty) {
            by_name.entry(name).or_default().push(part);
        }
    }
    let taken = |due: &'a Due| Some((due, due.taken_by(by_name.get(&*due.variable)?)?));
    due.into_iter().filter_map(taken).collect()
}

impl Due {
    fn taken_by(&self, found: &[Part<'_>]) -> Option<String> {
        let Self {
            variable,
            address,
            owners,
            ended,
        } = self;
        let comments: Vec<String> = owners.iter().map(|owner| owner.comment(variable)).collect();
        let is_ours = |part: &&Part<'_>| {
            part.above
                .is_some_and(|above| comments.iter().chain(ended).any(|comment| comment == above))
        };
        let foreign = found.iter().find(|part| !is_ours(part))?;
        let said = format!("{MARK}{variable} is ");
        let whose = foreign.above.and_then(|line| line.strip_prefix(&said));
        // Older versions said less of it, and a server may not say now which organization it is.
        let is_called_so = |owner: &&Owner| {
            let rest = whose.and_then(|whose| whose.strip_prefix("the secret of "));
            let rest = rest.and_then(|whose| whose.strip_prefix(&*owner.called));
            rest.is_some_and(|rest| rest.starts_with(' '))
        };
        let alike = owners.iter().rfind(is_called_so);
        Some(match (whose, comments.last()) {
            (Some(whose), _) if let Some(owner) = alike => format!(
                "{variable} is {whose} there, and {address} is {owner}. If both are one, write this line above it instead: {}",
                owner.comment(variable)
            ),
            (Some(whose), _) => format!("{variable} is {whose} there, and not that of {address}."),
            (None, None) => format!(
                "{variable} has a value there, and {address} is only made now: it is somebody else's."
            ),
            (None, Some(comment)) => format!(
                "{variable} has a value there, and nothing says that it is an earlier secret of {address}. If it is, write this line above it: {comment}"
            ),
        })
    }
}

/// A variable with its new value.
#[derive(Clone, Copy, Debug)]
pub struct Assigned<'a> {
    pub variable: &'a str,
    pub owner: &'a Owner,
    /// `NAME=VALUE`, and a line break.
    pub line: &'a str,
}

/// The file with these variables replaced, wherever they stand, with all their lines and the comments above them; everything else stays as
/// it is.
pub fn replace_in(text: &str, new: &[Assigned<'_>]) -> String {
    let mut after = String::new();
    let mut exported = HashSet::new();
    let is_new = |name: &str| new.iter().any(|new| new.variable == name);
    let mut parts = parts(text).into_iter().peekable();
    while let Some(part) = parts.next() {
        let replaced = part.name.filter(|name| is_new(name));
        if part.is_exported {
            exported.extend(replaced);
        }
        let is_above = |next: &Part<'_>| {
            let of = |name| part.text.starts_with(&format!("{MARK}{name} is "));
            next.name.is_some_and(|name| is_new(name) && of(name))
        };
        if replaced.is_none() && !parts.peek().is_some_and(is_above) {
            after.push_str(part.text);
        }
    }
    if !after.is_empty() && !after.ends_with('\n') {
        after.push('\n');
    }
    for Assigned {
        variable,
        owner,
        line,
    } in new
    {
        after.push_str(&owner.comment(variable));
        after.push('\n');
        if exported.contains(variable) {
            after.push_str("export ");
        }
        after.push_str(line);
    }
    after
}

/// The lines of a file without what a shell does not need to find a variable, so that an assignment is found there.
pub fn plain_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(|line| line.strip_prefix("export ").unwrap_or(line))
}

/// A variable with all its lines, or any other line.
struct Part<'a> {
    text: &'a str,
    name: Option<&'a str>,
    is_exported: bool,
    is_empty: bool,
    /// The line before.
    above: Option<&'a str>,
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let line_end = rest.find('\n').map_or(rest.len(), |end| end + 1);
        let line = rest[..line_end].trim_start();
        let (is_exported, assigned) = match line.strip_prefix("export") {
            Some(more) if more.starts_with([' ', '\t']) => (true, more.trim_start()),
            _ => (false, line),
        };
        let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let name = assigned
            .split_once('=')
            .map(|(name, _)| name)
            .filter(|name| !name.is_empty() && name.chars().all(is_letter));
        let end = match name {
            Some(name) => {
                let start = line_end - assigned.len() + name.len() + 1;
                start + value_end(&rest[start..]).unwrap_or(line_end - start)
            }
            None => line_end,
        };
        let (text, after) = rest.split_at(end);
        let value = name.and(text.split_once('=')).map(|(_, value)| value);
        let above = parts.last().map(|part| part.text.trim_end());
        parts.push(Part {
            text,
            name,
            is_exported,
            is_empty: value.is_some_and(|value| matches!(value.trim(), "" | "''" | "\"\"")),
            above,
        });
        rest = after;
    }
    parts
}

/// Where a value ends, after its line break. `None` for a quote that nothing closes: whoever wrote it meant no quote.
fn value_end(text: &str) -> Option<usize> {
    let line = text.split_inclusive('\n').next().unwrap_or_default();
    if !line.contains(['\'', '"', '\\']) {
        return Some(line.len());
    }
    let mut quote = None;
    let mut letters = text.char_indices();
    let mut before = ' ';
    while let Some((at, letter)) = letters.next() {
        match (quote, letter) {
            (None, '\n') => return Some(at + 1),
            // What follows is a comment.
            (None, '#') if before.is_whitespace() && at > 0 => {
                return Some(text[at..].find('\n').map_or(text.len(), |end| at + end + 1));
            }
            (None | Some('"'), '\\') => {
                letters.next();
            }
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
        before = letter;
    }
    quote.is_none().then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(name: &str) -> Owner {
        let place = Place::new("https://t.example", None);
        Owner::new(&place, Kind::AccessToken, [Some(&name), None, None])
    }

    fn replaced(text: &str) -> String {
        let (variable, owner) = ("T", &owner("ci"));
        let line = "T=new\n";
        replace_in(
            text,
            &[Assigned {
                variable,
                owner,
                line,
            }],
        )
    }

    const NEW: &str = "# Lanyard: T is the secret of access token \"ci\" on https://t.example\n";

    #[test]
    fn a_variable_is_replaced_with_all_its_lines_and_nothing_else() {
        for (text, rest) in [
            ("", ""),
            (
                "OTHER=1\nT='-----BEGIN\nxyz\n-----END'\nT2=x",
                "OTHER=1\nT2=x\n",
            ),
            ("T=\"a\nOTHER=b\"\nX=2\n", "X=2\n"),
            ("T=\"a\\\"\nOTHER=b\"\nX=2\n", "X=2\n"),
            ("T=abc\\\ndef\nX=2\n", "X=2\n"),
            ("T=a # don't\nX=2\n", "X=2\n"),
            ("X=\"\nT=1\n\"\nT=old\r\n", "X=\"\nT=1\n\"\n"),
            // Not a shell's, and nothing is lost.
            ("T=it's\nX=2\n", "X=2\n"),
            (
                "# T=comment\n  T = abc\nset T=3\n",
                "# T=comment\n  T = abc\nset T=3\n",
            ),
        ] {
            assert_eq!(replaced(text), format!("{rest}{NEW}T=new\n"), "{text:?}");
        }
        // Its comment goes with it; what is exported stays so.
        let text = format!("# mine\n{NEW}\t export  T=old\n# T\n");
        let exported = format!("# mine\n# T\n{NEW}export T=new\n");
        assert_eq!(replaced(&text), exported);
        assert_eq!(
            replaced(&exported),
            format!("# mine\n# T\n{NEW}export T=new\n")
        );
        assert!(plain_lines(&exported).any(|line| line == "T=new"));
    }

    #[test]
    fn what_may_be_the_secret_of_somebody_else_is_not_overwritten() {
        let due = |owners: &[Owner]| Due {
            variable: "T".into(),
            address: "lanyard_access_token.t".into(),
            owners: owners.to_vec(),
            ended: Vec::new(),
        };
        let taken = |due: &Due, text: &str| taken_in(text, [due]).pop().map(|(_, why)| why);
        let (ci, web) = (owner("ci"), owner("web"));
        let ours = due(&[web.clone(), ci.clone()]);
        for free in ["", "T=\nX=1", "T=''", "# T=1", "T2=1", "X='\nT=1\n'"] {
            assert_eq!(taken(&ours, free), None, "{free:?}");
        }
        let text = replaced("X=1\n");
        assert_eq!(taken(&ours, &text), None);
        let told = taken(&due(std::slice::from_ref(&web)), &text).unwrap();
        assert_eq!(
            told,
            "T is the secret of access token \"ci\" on https://t.example there, and not that of lanyard_access_token.t."
        );
        // One name, and perhaps another one's: of an older version, or where nobody says which organization it is.
        let place = Place::new("https://t.example", None).told(Some("org".into()));
        let of_org = Owner::new(&place, Kind::AccessToken, [Some(&"ci"), None, None]);
        let told = taken(&due(std::slice::from_ref(&of_org)), &text).unwrap();
        assert!(told.ends_with(&of_org.comment("T")), "{told}");
        assert!(told.contains("on https://t.example there, and"), "{told}");
        // Written by hand, by an older version, or since.
        for foreign in ["T=one", " export T='one'", &format!("{text}T=two\n")] {
            let told = taken(&ours, foreign).unwrap();
            assert!(told.ends_with(NEW.trim_end()), "{told}");
        }
        let unknown = taken(&due(&[]), "T=one").unwrap();
        assert!(
            unknown.ends_with("only made now: it is somebody else's."),
            "{unknown}"
        );
        assert_eq!(
            taken(&ours, &format!("{NEW}T=one")),
            None,
            "as the hint says"
        );
    }

    #[test]
    fn an_owner_is_one_line() {
        let place = Place::new("https://t.example", Some("a\nPATH=/evil".into()));
        let odd = [Some(&"x\ny"), None, Some(&"sa\n1")];
        let odd = Owner::new(&place, Kind::AccessToken, odd);
        assert!(!odd.comment("T").contains('\n'), "{odd}");
    }
}
