//! The shape of `lanyard.toml`, for its JSON Schema.

#![expect(
    dead_code,
    reason = "only its schema is of use: the reader tells every mistake, which serde does not"
)]

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// What a configuration's reviewers allow.
#[derive(Deserialize, JsonSchema)]
#[schemars(title = "lanyard.toml")]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    /// From which count on `lanyard apply` and `lanyard sweep --revoke` are refused. `--allow-deletions` cannot reach past it.
    guard: Option<Guard>,
    /// Whose language the configuration is, where its files do not say.
    language: Option<Spoken>,
    /// How much each rule counts, by its name; see the pages of the rules.
    rules: Option<BTreeMap<String, Counts>>,
    limits: Option<Limits>,
    /// Which team owns what stands at an address, in which `*` stands for any text. The first that fits counts.
    owners: Option<BTreeMap<String, String>>,
    exceptions: Option<Vec<Exception>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Guard {
    /// An apply that would end so many credentials is refused; `deletions` of `[limits]`, or 10, unless said otherwise.
    deletions: Option<u32>,
    /// An apply that would end more than this share of what exists is refused, in percent; 50 unless said otherwise.
    #[schemars(range(min = 0, max = 100))]
    percent: Option<u32>,
    /// The share counts from so many deletions on; 4 unless said otherwise.
    floor: Option<u32>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Spoken {
    Terraform,
    OpenTofu,
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum Counts {
    Everywhere(Word),
    /// At addresses, in which `*` stands for any text. The first that fits counts.
    At(BTreeMap<String, Word>),
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Word {
    Off,
    Note,
    Warning,
    Error,
}

/// Where the limits of the rules lie.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Limits {
    /// The longest that a secret should last, for example `"90d"`; `"365d"` unless said otherwise.
    lifetime: Option<String>,
    /// The longest that an old secret should work beside the new one; `"14d"` unless said otherwise.
    grace: Option<String>,
    /// From how many credentials that end in one plan on the plan is told as a mass deletion, and `lanyard apply` refused unless `[guard]`
    /// has a number of its own; that number, or 10, unless said otherwise.
    deletions: Option<u32>,
    /// A regular expression that names of accounts and tokens fit.
    name: Option<String>,
}

/// What a rule finds and may stay.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Exception {
    /// The rule's name.
    rule: String,
    /// The address of what it finds; `*` stands for any text, and without instance keys all instances are meant.
    address: String,
    /// Why, for the reviewers.
    reason: String,
    /// The last day on which it holds, `2027-03-31`.
    #[schemars(extend("format" = "date"))]
    until: String,
}
