//! An exception that nobody ended.

use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "exception-is-over",
    level: Level::Warning,
    summary: "The last day of an exception in `lanyard.toml` has passed.",
    why: "Somebody promised to mend it until then. What was excepted is found again from now on.",
    remedy: "Mend it, or agree on another day in a change that is reviewed.",
    silent: "An exception that holds is silent, also where it fits nothing.",
    is_told: false,
    check: |subject| {
        let exceptions = subject.settings.exceptions.iter();
        exceptions
            .filter(|exception| subject.settings.is_over(exception))
            .map(|exception| Hit {
                address: exception.address.as_str().to_owned(),
                path: AttributePath::root(),
                message: format!(
                    "the exception from {} ended on {}; its reason was {:?}",
                    exception.rule.name, exception.until, exception.reason
                ),
                hint: None,
                place: Some(exception.place.clone()),
                left_over: None,
            })
            .collect()
    },
    fires: Fixture::Under(
        r#"[[exceptions]]
rule    = "never-expires"
address = "lanyard_access_token.legacy"
reason  = "The agent cannot reload its token; it is replaced in spring."
until   = 2020-03-31
"#,
        "",
    ),
    passes: Fixture::Under(
        r#"[[exceptions]]
rule    = "never-expires"
address = "lanyard_access_token.legacy"
reason  = "The agent cannot reload its token; it is replaced in spring."
until   = 2999-03-31
"#,
        "",
    ),
};
