//! Evidence as bytes. Terraform writes them into the state, and the state anew after every change: so they are few.

use jiff::Timestamp;
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use serde::{Deserialize, Serialize};

use super::Evidence;
use crate::shown::Shown;

/// As it is written: a list, without what is absent at its end. Where the state was found stands behind its name, [`AT`] between the two.
#[derive(Deserialize)]
struct Short(
    String,
    #[serde(default)] Option<Moment>,
    #[serde(default)] Option<i64>,
    #[serde(default)] Option<Moment>,
    #[serde(default)] Option<bool>,
    #[serde(default)] Option<Shown>,
    #[serde(default)] Option<Shown>,
    #[serde(default)] Option<bool>,
);

const AT: char = '@';

/// As it was written before.
#[derive(Deserialize)]
struct Long {
    instance: String,
    created_at: Option<String>,
    issued_at: Option<String>,
    generation: Option<i64>,
    #[serde(default)]
    knows: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Either {
    Short(Short),
    Long(Long),
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Moment {
    /// Since 1970, where that gives the same text again.
    Milliseconds(i64),
    Text(String),
}

impl Evidence {
    /// `None` if nothing was written, or another provider wrote it before the resource was moved to this one; an error if what was
    /// written says nothing to this version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Option<Self>, Diagnostic> {
        let written: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
        let is_ours = written.is_array() || written.get("instance").is_some();
        if !is_ours {
            return Ok(None);
        }
        let read = serde_json::from_value(written).map_err(|_| unreadable())?;
        Ok(Some(match read {
            Either::Short(Short(
                instance,
                issued_at,
                generation,
                created_at,
                knows,
                shown,
                others,
                taken,
            )) => {
                let (instance, site) = match instance.split_once(AT) {
                    Some((name, site)) => (name.to_owned(), Some(site.to_owned())),
                    None => (instance, None),
                };
                Self {
                    instance,
                    site,
                    created_at: created_at.as_ref().and_then(Moment::text),
                    issued_at: issued_at.as_ref().and_then(Moment::text),
                    generation,
                    knows: knows == Some(true),
                    shown,
                    others,
                    taken,
                }
            }
            Either::Long(Long {
                instance,
                created_at,
                issued_at,
                generation,
                knows,
            }) => Self {
                instance,
                site: None,
                created_at,
                issued_at,
                generation,
                knows,
                shown: None,
                others: None,
                taken: None,
            },
        }))
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        let Self {
            instance,
            site,
            created_at,
            issued_at,
            generation,
            knows,
            shown,
            others,
            taken,
        } = self;
        let moment = |text: &Option<String>| serde_json::json!(text.as_deref().map(Moment::of));
        let mut parts = vec![
            serde_json::json!(match site {
                Some(site) => format!("{instance}{AT}{site}"),
                None => instance.clone(),
            }),
            moment(issued_at),
            serde_json::json!(generation),
            moment(created_at),
            serde_json::json!(knows.then_some(true)),
            serde_json::json!(shown),
            serde_json::json!(others),
            serde_json::json!(taken),
        ];
        while parts.last().is_some_and(serde_json::Value::is_null) {
            parts.pop();
        }
        serde_json::to_vec(&parts).unwrap_or_default()
    }
}

/// Its words are not quoted: Terraform keeps them from sight.
fn unreadable() -> Diagnostic {
    Diagnostic::error(
        Code::UnreadableState,
        "What is kept beside a resource cannot be read",
    )
    .detail(
        "Terraform keeps a note beside each resource of Lanyard that tells its credential from another one with the same id. This \
         note says nothing to this version, so nobody knows whose credential a change would end.",
    )
    .hint("A newer version may have written it: use that one.")
    .hint(
        "Otherwise `terraform state rm` its address, which leaves the server as it is, then `terraform import` its id there again.",
    )
}

impl Moment {
    fn of(text: &str) -> Self {
        let count = text.parse().ok().map(Timestamp::as_millisecond);
        match count.map(Self::Milliseconds) {
            Some(count) if count.text().as_deref() == Some(text) => count,
            _ => Self::Text(text.to_owned()),
        }
    }

    fn text(&self) -> Option<String> {
        match self {
            Self::Milliseconds(count) => {
                Some(Timestamp::from_millisecond(*count).ok()?.to_string())
            }
            Self::Text(text) => Some(text.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(created_at: Option<&str>, issued_at: Option<&str>, knows: bool) -> Evidence {
        Evidence {
            instance: "P8bCjgmOFPA".to_owned(),
            site: None,
            created_at: created_at.map(str::to_owned),
            issued_at: issued_at.map(str::to_owned),
            generation: issued_at.map(|_| 4),
            knows,
            shown: None,
            others: None,
            taken: None,
        }
    }

    fn written(evidence: &Evidence) -> String {
        String::from_utf8(evidence.to_bytes()).unwrap()
    }

    #[test]
    fn it_is_short_and_says_all_again() {
        let whole = Some("2023-11-14T22:13:20Z");
        for (evidence, bytes) in [
            (evidence(None, None, false), r#"["P8bCjgmOFPA"]"#),
            (
                evidence(None, whole, false),
                r#"["P8bCjgmOFPA",1700000000000,4]"#,
            ),
            (
                evidence(Some("2023-11-14T22:13:20.5Z"), None, false),
                r#"["P8bCjgmOFPA",null,null,1700000000500]"#,
            ),
            (
                // Neither is lost nor spelled otherwise.
                evidence(
                    Some("2023-11-14T23:13:20+01:00"),
                    Some("2023-11-14T22:13:20.0005Z"),
                    true,
                ),
                r#"["P8bCjgmOFPA","2023-11-14T22:13:20.0005Z",4,"2023-11-14T23:13:20+01:00",true]"#,
            ),
        ] {
            assert_eq!(written(&evidence), bytes);
            assert_eq!(Evidence::from_bytes(bytes.as_bytes()), Ok(Some(evidence)));
        }
    }

    #[test]
    fn what_is_shown_of_a_sealed_secret_is_kept() {
        let beginning = Shown::Beginning("Ab3x".to_owned());
        let hash = "9S-9MrKzuG0".to_owned();
        for (shown, bytes) in [
            (beginning, r#"["P8bCjgmOFPA",null,null,null,null,"Ab3x"]"#),
            (
                Shown::Hash { hash },
                r#"["P8bCjgmOFPA",null,null,null,null,{"hash":"9S-9MrKzuG0"}]"#,
            ),
        ] {
            let evidence = Evidence {
                shown: Some(shown),
                ..evidence(None, None, false)
            };
            assert_eq!(written(&evidence), bytes);
            assert_eq!(Evidence::from_bytes(bytes.as_bytes()), Ok(Some(evidence)));
        }
        let evidence = Evidence {
            others: Some(Shown::Beginning("Cd5y".to_owned())),
            taken: Some(true),
            ..evidence(None, None, false)
        };
        let bytes = r#"["P8bCjgmOFPA",null,null,null,null,null,"Cd5y",true]"#;
        assert_eq!(written(&evidence), bytes);
        assert_eq!(Evidence::from_bytes(bytes.as_bytes()), Ok(Some(evidence)));
    }

    #[test]
    fn where_the_state_was_found_is_kept() {
        let evidence = Evidence {
            site: Some("k3Jd9sA_!".to_owned()),
            ..evidence(None, None, false)
        };
        let bytes = r#"["P8bCjgmOFPA@k3Jd9sA_!"]"#;
        assert_eq!(written(&evidence), bytes);
        assert_eq!(Evidence::from_bytes(bytes.as_bytes()), Ok(Some(evidence)));
    }

    #[test]
    fn what_older_versions_wrote_is_read() {
        let bytes = r#"{"instance":"3fc6c28e098e14f0","issued_at":"2023-11-14T22:13:20Z","generation":4,"knows":true}"#;
        let read = Evidence::from_bytes(bytes.as_bytes()).unwrap().unwrap();
        assert_eq!(
            written(&read),
            r#"["3fc6c28e098e14f0",1700000000000,4,null,true]"#
        );
    }

    #[test]
    fn what_cannot_be_read_is_not_taken_for_nothing() {
        for other in [
            "[]",
            "[1]",
            r#"["a",[]]"#,
            r#"["a",1,1,1,true,{}]"#,
            r#"{"instance":1}"#,
        ] {
            let refused = Evidence::from_bytes(other.as_bytes()).unwrap_err();
            assert_eq!(refused.code, Code::UnreadableState, "{other}");
        }
        // What plugins of Terraform's own kits write.
        for other in ["", "null", "{}", r#"{"schema_version":"1"}"#] {
            assert_eq!(Evidence::from_bytes(other.as_bytes()), Ok(None), "{other}");
        }
    }
}
