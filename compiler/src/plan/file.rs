//! A plan on its way from the review to the apply: versioned JSON with a checksum over everything that an apply would do. It holds
//! no secret, and no credential of a server.

use std::collections::BTreeSet;
use std::io;

use data_encoding::HEXLOWER;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use super::change::{Change, Plan};
use super::encode::Marked;
use super::mistaken::{Mistaken, mistaken};
use super::{Action, PlannedResource, Reason, Takes};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::kind::Kind;
use crate::model::server::{Api, capabilities};
use crate::value::{AttributePath, Value};

/// The version of the format: the part before the dot changes when readers must.
const VERSION: &str = "1.0";

/// A plan and the servers that it is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedPlan {
    pub servers: Vec<SavedServer>,
    pub plan: Plan,
    /// For each change of the plan, its server: a position in `servers`.
    pub server_of: Vec<usize>,
    /// What may declare more than the plan has.
    pub left_out: Vec<String>,
    /// How many credentials exist that it does not speak of, since they are protected from being pruned.
    pub protected: usize,
}

/// A server, as far as a plan may know it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SavedServer {
    /// The provider configuration, as the user names it.
    pub provider: String,
    pub api: String,
    /// Empty while it was not known.
    pub url: String,
    pub organization: Option<String>,
}

impl SavedPlan {
    /// `sha256:` and 64 hexadecimal digits over the servers and all changes.
    pub fn checksum(&self) -> String {
        checksum(&self.content())
    }

    /// The text of a plan file.
    pub fn to_text(&self) -> String {
        let mut text = Vec::new();
        // Memory takes all that it is given.
        let _ = self.write(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    }

    /// Writes the text of a plan file, piece by piece.
    pub fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let content = self.content();
        let document = Document {
            format_version: VERSION.to_owned(),
            kind: Tag::Plan,
            checksum: checksum(&content),
            content,
        };
        serde_json::to_writer_pretty(&mut *out, &document)?;
        out.write_all(b"\n")
    }

    /// True if the text claims to be such a file, right or wrong.
    pub fn is_one(text: &str) -> bool {
        // The text may be a plan of Terraform of any size: nothing but the claim is kept of it.
        #[derive(Deserialize)]
        struct Claim {
            #[serde(default)]
            kind: Json,
        }
        serde_json::from_str(text).is_ok_and(|claim: Claim| claim.kind == "lanyard-plan")
    }

    /// Reads a plan file. Its configuration is not in it: each change's `config` is null.
    ///
    /// # Errors
    ///
    /// The text is no plan of a version that we read, or was changed since it was written.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        let broken = |what: &str| {
            Diagnostic::error(Code::InvalidPlanFile, "The plan file cannot be used")
                .detail(format!("{what}."))
                .hint("Make a new one with `lanyard plan -o FILE`.")
        };
        if let Some(Mistaken { what, hint }) = mistaken(text) {
            return Err(hint.into_iter().fold(broken(what), Diagnostic::hint));
        }
        let json: Json = serde_json::from_str(text)
            .map_err(|error| broken(&format!("It is not JSON ({error})")))?;
        if json["kind"] != "lanyard-plan" {
            return Err(broken("It is JSON, but not a plan of Lanyard"));
        }
        let version = json["format_version"].as_str().unwrap_or_default();
        if version.split('.').next() != VERSION.split('.').next() {
            return Err(broken(&format!(
                "Its format is version {version:?}; this version of Lanyard reads {VERSION}"
            )));
        }
        let checksum = json["checksum"].clone();
        let content: Content = serde_path_to_error::deserialize(json).map_err(|error| {
            let place = match error.path().to_string() {
                root if root == "." => String::new(),
                place => format!("`{place}`: "),
            };
            let what = error.into_inner();
            broken(&format!(
                "Part of it is missing or misspelled: {place}{what}"
            ))
        })?;
        let mut saved = Self {
            servers: content.servers,
            left_out: content.left_out,
            protected: content.protected,
            ..Self::default()
        };
        for change in content.changes {
            let number = change.server;
            let Some(server) = saved.servers.get(number) else {
                return Err(broken(&format!(
                    "Part of it is missing or misspelled: {} is for server {number}, which is not there",
                    change.address
                )));
            };
            let api = Api::parse(&server.api);
            let restrictable = api.is_none_or(|api| capabilities(api).restricts());
            saved.plan.changes.push(change.into_change(restrictable));
            saved.server_of.push(number);
        }
        // The checksum is made of what was understood, so nothing that was not can hide in the file.
        if checksum != saved.checksum().as_str() {
            return Err(broken(
                "It was changed after it was written: its checksum does not fit",
            ));
        }
        Ok(saved)
    }

    fn content(&self) -> Content {
        let changes = self.plan.changes.iter().zip(&self.server_of);
        Content {
            servers: self.servers.clone(),
            changes: changes
                .map(|(change, server)| SavedChange::of(change, *server))
                .collect(),
            left_out: self.left_out.clone(),
            protected: self.protected,
        }
    }
}

/// A plan file.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Saved plan")]
pub(crate) struct Document {
    /// Within version 1, fields are added and never changed.
    #[schemars(regex(pattern = r"^1\."))]
    format_version: String,
    kind: Tag,
    /// Over the servers and the changes.
    #[schemars(regex(pattern = "^sha256:[0-9a-f]{64}$"))]
    checksum: String,
    #[serde(flatten)]
    content: Content,
}

#[derive(Serialize, JsonSchema)]
enum Tag {
    #[serde(rename = "lanyard-plan")]
    Plan,
}

/// What the checksum is over.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Content {
    servers: Vec<SavedServer>,
    changes: Vec<SavedChange>,
    /// What of the configuration the plan could not take in: instances that are not known, modules that are not there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    left_out: Vec<String>,
    /// How many credentials exist beside those of the changes, and are protected from being pruned.
    #[serde(default, skip_serializing_if = "is_none")]
    protected: usize,
}

fn is_none(count: &usize) -> bool {
    *count == 0
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct SavedChange {
    address: String,
    kind: Kind,
    /// The position of its server in `servers`.
    server: usize,
    action: Action,
    /// What is applied before it, and deleted after it.
    depends_on: Vec<String>,
    /// Where its secret goes, as far as the configuration shows.
    consumers: Vec<String>,
    requires_replace: Vec<AttributePath>,
    reasons: Vec<Reason>,
    prior: Marked,
    planned: Marked,
    /// What the configuration marks as sensitive.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    hidden: BTreeSet<AttributePath>,
    /// A few bits of a hash of what the server showed of the secret, where nothing else tells it from another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trace: Option<String>,
    /// What somebody else made and a creation takes over, or ends first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    takes: Option<Takes>,
}

impl SavedChange {
    fn of(change: &Change, server: usize) -> Self {
        Self {
            address: change.address.clone(),
            kind: change.kind,
            server,
            action: change.action,
            depends_on: change.depends_on.clone(),
            consumers: change.consumers.clone(),
            requires_replace: change.requires_replace.clone(),
            reasons: change.reasons.clone(),
            prior: Marked(change.prior.clone()),
            planned: Marked(change.planned.clone()),
            hidden: change.hidden.clone(),
            trace: change.trace.clone(),
            takes: change.takes.clone(),
        }
    }

    fn into_change(self, restrictable: bool) -> Change {
        let planned = PlannedResource {
            requires_replace: self.requires_replace,
            reasons: self.reasons,
            restrictable,
            ..PlannedResource::new(self.action, self.planned.0)
        };
        let mut change = Change::read(self.address, self.kind, self.prior.0, planned);
        change.depends_on = self.depends_on;
        change.consumers = self.consumers;
        change.hidden = self.hidden;
        change.trace = self.trace;
        change.takes = self.takes;
        change
    }
}

fn checksum(content: &Content) -> String {
    let mut digest = io::BufWriter::new(Digesting(Sha256::new()));
    // Maps with keys that are no text are the only ones that have no JSON, and there are none.
    let written = serde_json::to_writer(&mut digest, content).map_err(io::Error::from);
    let digest = written.and_then(|()| Ok(digest.into_inner()?));
    let digest = digest.map_or_else(|_| Sha256::new(), |Digesting(digest)| digest);
    format!("sha256:{}", HEXLOWER.encode(&digest.finalize()))
}

/// Takes the digest of what is written.
struct Digesting(Sha256);

impl io::Write for Digesting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// True if `now` is what was reviewed: the same wherever the review knew a value. Secrets agree with anything: no plan file has
/// them.
pub fn agrees(reviewed: &Value, now: &Value) -> bool {
    match (reviewed, now) {
        (Value::Unknown, _) | (Value::Secret(_), _) | (Value::Null, Value::Secret(_)) => true,
        (Value::Map(reviewed), Value::Map(now)) => {
            reviewed.len() == now.len()
                && reviewed
                    .iter()
                    .all(|(name, value)| now.get(name).is_some_and(|now| agrees(value, now)))
        }
        (Value::List(reviewed), Value::List(now)) => {
            reviewed.iter().any(Value::is_unknown)
                || reviewed.len() == now.len()
                    && reviewed
                        .iter()
                        .zip(now)
                        .all(|(reviewed, now)| agrees(reviewed, now))
        }
        (reviewed, now) => reviewed == now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::facts;
    use crate::plan::plan_resource;
    use crate::secret::Secret;

    fn saved() -> SavedPlan {
        let (kind, null) = (Kind::AccessToken, Value::Null);
        let said = [("name", "ci".into()), ("service_account", Value::Unknown)];
        let planned = plan_resource(kind, None, &null, &facts::object(kind, said));
        let address = "lanyard_access_token.ci";
        let mut change = Change::new(address, kind, null.clone(), null, planned);
        change.reasons.push(Reason::Replacement {
            path: AttributePath::attribute("labels").key("team").index(2),
            why: "it must".into(),
        });
        change.depends_on.push("lanyard_service_account.ci".into());
        change.hidden.insert(AttributePath::attribute("roles"));
        change.trace = Some("3fa9".into());
        change.takes = Some(Takes {
            id: "at_1".into(),
            created_at: Some("2026-01-01T00:00:00Z".into()),
            last_used_at: None,
            managed_by: None,
            replaces: true,
            ends: true,
            tokens: 0,
        });
        SavedPlan {
            servers: vec![SavedServer {
                provider: "lanyard".into(),
                api: "native".into(),
                url: "https://t.example".into(),
                organization: None,
            }],
            plan: Plan {
                changes: vec![change],
            },
            server_of: vec![0],
            left_out: Vec::new(),
            protected: 0,
        }
    }

    #[test]
    fn a_plan_comes_back_as_it_was() {
        let saved = saved();
        let mut back = SavedPlan::parse(&saved.to_text()).unwrap();
        back.plan.changes[0].diagnostics = saved.plan.changes[0].diagnostics.clone();
        assert_eq!(back, saved);
    }

    #[test]
    fn a_changed_plan_is_refused() {
        let text = saved().to_text();
        for (from, to) in [
            ("\"ci\"", "\"prod\""),
            ("t.example", "evil.example"),
            ("\"create\"", "\"delete\""),
        ] {
            let changed = text.replace(from, to);
            assert_ne!(changed, text);
            let refusal = SavedPlan::parse(&changed).unwrap_err();
            assert!(refusal.detail.contains("checksum"), "{from}: {refusal}");
        }
    }

    #[test]
    fn what_is_no_plan_is_refused_in_words() {
        for (text, expected) in [
            ("", "empty"),
            ("plan", "not JSON"),
            ("{}", "not a plan"),
            (
                r#"{"kind":"lanyard-plan","format_version":"2.0"}"#,
                "version \"2.0\"",
            ),
            (
                r#"{"kind":"lanyard-plan","format_version":"1.0"}"#,
                "missing",
            ),
            (
                r#"{"kind":"lanyard-plan","format_version":"1.0","servers":[],"changes":[{"server":7}]}"#,
                "misspelled: `changes[0]`: missing field `address`",
            ),
        ] {
            let refusal = SavedPlan::parse(text).unwrap_err();
            assert!(refusal.detail.contains(expected), "{text}: {refusal}");
        }
    }

    #[test]
    fn a_plan_agrees_where_the_review_knew_the_value() {
        let object = |name: Value, id: Value| Value::map([("name", name), ("id", id)]);
        let reviewed = object("ci".into(), Value::Unknown);
        assert!(agrees(&reviewed, &object("ci".into(), "at_1".into())));
        assert!(!agrees(&reviewed, &object("prod".into(), "at_1".into())));
        assert!(agrees(&Value::Null, &Value::Secret(Secret::new("x"))));
    }
}
