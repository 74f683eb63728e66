//! A plan on its way from the review to the apply: versioned JSON with a checksum over everything that an apply would do. It holds
//! no secret, and no credential of a server.

use serde_json::{Map, Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::change::{Change, Plan};
use super::encode::{decode, encode};
use super::{Action, PlannedResource, Reason};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::kind::Kind;
use crate::model::server::{Api, capabilities};
use crate::value::{AttributePath, Step, Value};

/// The version of the format: the part before the dot changes when readers must.
const VERSION: &str = "1.0";

/// A plan and the servers that it is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedPlan {
    pub servers: Vec<SavedServer>,
    pub plan: Plan,
    /// For each change of the plan, its server: a position in `servers`.
    pub server_of: Vec<usize>,
}

/// A server, as far as a plan may know it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
        let content = self.content();
        let mut document = Map::new();
        document.insert("format_version".to_owned(), VERSION.into());
        document.insert("kind".to_owned(), "lanyard-plan".into());
        document.insert("checksum".to_owned(), checksum(&content).into());
        document.extend(content);
        format!("{:#}\n", Json::Object(document))
    }

    /// True if the text claims to be such a file, right or wrong.
    pub fn is_one(text: &str) -> bool {
        serde_json::from_str(text).is_ok_and(|json: Json| json["kind"] == "lanyard-plan")
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
        let saved =
            Self::read(&json).ok_or_else(|| broken("Part of it is missing or misspelled"))?;
        // The checksum is made of what was understood, so nothing that was not can hide in the file.
        if json["checksum"] != saved.checksum().as_str() {
            return Err(broken(
                "It was changed after it was written: its checksum does not fit",
            ));
        }
        Ok(saved)
    }

    fn content(&self) -> Map<String, Json> {
        let servers: Vec<Json> = self
            .servers
            .iter()
            .map(|server| {
                let SavedServer {
                    provider,
                    api,
                    url,
                    organization,
                } = server;
                json!({"provider": provider, "api": api, "url": url, "organization": organization})
            })
            .collect();
        let changes: Vec<Json> = self
            .plan
            .changes
            .iter()
            .zip(&self.server_of)
            .map(|(change, server)| write(change, *server))
            .collect();
        Map::from_iter([
            ("servers".to_owned(), Json::Array(servers)),
            ("changes".to_owned(), Json::Array(changes)),
        ])
    }

    fn read(json: &Json) -> Option<Self> {
        let mut saved = Self::default();
        for server in json["servers"].as_array()? {
            saved.servers.push(SavedServer {
                provider: server["provider"].as_str()?.to_owned(),
                api: server["api"].as_str()?.to_owned(),
                url: server["url"].as_str()?.to_owned(),
                organization: server["organization"].as_str().map(str::to_owned),
            });
        }
        for change in json["changes"].as_array()? {
            let server = usize::try_from(change["server"].as_u64()?).ok()?;
            let api = Api::parse(&saved.servers.get(server)?.api);
            let mut change = read(change)?;
            change.restrictable = api.is_none_or(|api| capabilities(api).restricts());
            saved.plan.changes.push(change);
            saved.server_of.push(server);
        }
        Some(saved)
    }
}

fn checksum(content: &Map<String, Json>) -> String {
    let text = serde_json::to_string(content).unwrap_or_default();
    let digest = Sha256::digest(text.as_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

const ACTIONS: [(Action, &str); 5] = [
    (Action::NoOp, "no-op"),
    (Action::Create, "create"),
    (Action::Update, "update"),
    (Action::Replace, "replace"),
    (Action::Delete, "delete"),
];

fn write(change: &Change, server: usize) -> Json {
    let action = ACTIONS.iter().find(|(action, _)| *action == change.action);
    let steps = |path: &AttributePath| -> Json { path.steps().iter().map(step).collect() };
    let mut written = json!({
        "address": change.address,
        "kind": change.kind.name(),
        "server": server,
        "action": action.map(|(_, name)| *name),
        "depends_on": change.depends_on,
        "consumers": change.consumers,
        "requires_replace": change.requires_replace.iter().map(steps).collect::<Vec<_>>(),
        "reasons": change.reasons.iter().map(reason).collect::<Vec<_>>(),
        "prior": encode(&change.prior),
        "planned": encode(&change.planned),
    });
    if !change.hidden.is_empty() {
        written["hidden"] = change.hidden.iter().map(steps).collect();
    }
    written
}

fn read(json: &Json) -> Option<Change> {
    let texts = |json: &Json| -> Option<Vec<String>> {
        json.as_array()?
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect()
    };
    let kind = Kind::ALL
        .into_iter()
        .find(|kind| json["kind"] == kind.name())?;
    let (action, _) = *ACTIONS.iter().find(|(_, name)| json["action"] == *name)?;
    let prior = decode(json.get("prior")?);
    let planned = PlannedResource {
        action,
        planned: decode(json.get("planned")?),
        requires_replace: json["requires_replace"]
            .as_array()?
            .iter()
            .map(read_path)
            .collect::<Option<_>>()?,
        reasons: json["reasons"]
            .as_array()?
            .iter()
            .map(read_reason)
            .collect::<Option<_>>()?,
        diagnostics: Vec::new(),
        restrictable: true,
    };
    let mut change = Change::new(json["address"].as_str()?, kind, prior, Value::Null, planned);
    change.depends_on = texts(&json["depends_on"])?;
    change.consumers = texts(&json["consumers"])?;
    let hidden = json
        .get("hidden")
        .map_or(Some(&[][..]), |paths| paths.as_array().map(Vec::as_slice));
    change.hidden = hidden?.iter().map(read_path).collect::<Option<_>>()?;
    Some(change)
}

fn step(step: &Step) -> Json {
    match step {
        Step::Attribute(name) => json!({"attribute": name}),
        Step::Key(key) => json!({"key": key}),
        Step::Index(index) => json!({"index": index}),
    }
}

fn read_path(json: &Json) -> Option<AttributePath> {
    json.as_array()?
        .iter()
        .map(|step| {
            let text = |name: &str| step.get(name).and_then(Json::as_str).map(str::to_owned);
            let index = step.get("index").and_then(Json::as_u64);
            text("attribute")
                .map(Step::Attribute)
                .or_else(|| text("key").map(Step::Key))
                .or_else(|| Some(Step::Index(usize::try_from(index?).ok()?)))
        })
        .collect()
}

fn reason(reason: &Reason) -> Json {
    match reason {
        Reason::Rotation { why } => json!({"kind": "rotation", "why": why}),
        Reason::PossibleRotation { why } => json!({"kind": "possible_rotation", "why": why}),
        Reason::Replacement { path, why } => json!({
            "kind": "replacement",
            "path": path.steps().iter().map(step).collect::<Vec<_>>(),
            "why": why,
        }),
        Reason::Cascade { what } => json!({"kind": "cascade", "what": what}),
        Reason::Revocation { ids } => json!({"kind": "revocation", "ids": ids}),
    }
}

fn read_reason(json: &Json) -> Option<Reason> {
    let text = |name: &str| json.get(name).and_then(Json::as_str).map(str::to_owned);
    Some(match json["kind"].as_str()? {
        "rotation" => Reason::Rotation { why: text("why")? },
        "possible_rotation" => Reason::PossibleRotation { why: text("why")? },
        "replacement" => Reason::Replacement {
            path: read_path(&json["path"])?,
            why: text("why")?,
        },
        "cascade" => Reason::Cascade {
            what: text("what")?,
        },
        "revocation" => Reason::Revocation {
            ids: json["ids"]
                .as_array()?
                .iter()
                .map(|id| id.as_str().map(str::to_owned))
                .collect::<Option<_>>()?,
        },
        _ => return None,
    })
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
    use crate::plan::plan_resource;
    use crate::secret::Secret;

    fn saved() -> SavedPlan {
        let mut config = crate::model::facts::schema(Kind::AccessToken).body.empty();
        config.insert("name".to_owned(), "ci".into());
        config.insert("service_account".to_owned(), Value::Unknown);
        let config = Value::Map(config);
        let planned = plan_resource(Kind::AccessToken, None, &Value::Null, &config);
        let mut change = Change::new(
            "lanyard_access_token.ci",
            Kind::AccessToken,
            Value::Null,
            Value::Null,
            planned,
        );
        change.reasons.push(Reason::Replacement {
            path: AttributePath::attribute("labels").key("team").index(2),
            why: "it must".into(),
        });
        change.depends_on.push("lanyard_service_account.ci".into());
        change.hidden.insert(AttributePath::attribute("roles"));
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
            ("", "not JSON"),
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
                "missing",
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
