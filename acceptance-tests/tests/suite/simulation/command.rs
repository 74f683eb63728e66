//! One year on one server, by `lanyard apply` alone, which keeps no state.

use std::collections::HashMap;
use std::process::Command;

use lanyard_compiler::model::Kind;
use lanyard_compiler::secret::Secret;
use lanyard_token_server::{Api, ReferenceServer};
use serde_json::{Value as Json, json};

use super::estate::{self, ACCOUNT, Able};
use super::events;
use super::random::Random;
use super::tally::Tally;
use crate::provider::core::{server_of, settings_for};
use crate::support::binaries::Binaries;
use crate::support::door::{lets_in, operator_of};
use crate::support::slots::slots;

const DAY: i64 = 86_400;

struct Year {
    api: Api,
    server: ReferenceServer,
    folder: tempfile::TempDir,
    account: Option<Json>,
    tokens: Vec<Json>,
    random: Random,
    tally: Tally,
    seed: u64,
    seconds: i64,
    day: i64,
    /// Of each token the secret that was handed over last, and since when.
    since: HashMap<String, (Secret, i64)>,
    story: String,
    runtime: tokio::runtime::Runtime,
}

pub(super) fn lived(api: Api, seed: u64, days: i64) -> Tally {
    let mut year = Year {
        api,
        server: server_of(api),
        folder: tempfile::tempdir().expect("the folder for temporary files is writable"),
        account: estate::account(api),
        tokens: estate::tokens(api),
        random: Random::new(seed ^ (api.name().len() as u64) << 40),
        tally: Tally::default(),
        seed,
        seconds: 0,
        day: 0,
        since: HashMap::new(),
        story: "it begins".to_owned(),
        runtime: tokio::runtime::Runtime::new().expect("a runtime can be built"),
    };
    year.apply(false);
    while year.day < days {
        year.step();
    }
    year.tally.days = year.day;
    year.tally
}

impl Year {
    fn at(&self) -> String {
        let Self {
            seed, day, story, ..
        } = self;
        format!("{} seed {seed} day {day}: {story}", self.api.name())
    }

    fn step(&mut self) {
        let days = 1 + self.random.below(14) as i64;
        let seconds = days * DAY + self.random.below(86_400) as i64;
        let moved = self.server.clock().advance_seconds(seconds);
        moved.expect("a year is no distance");
        self.seconds += seconds;
        self.day = self.seconds / DAY;
        self.story = "a scheduled apply".to_owned();
        let mut faulty = false;
        if !self.tokens.is_empty() {
            let index = self.random.below(self.tokens.len());
            let token = &mut self.tokens[index];
            let able = Able::of(self.api, Kind::AccessToken, token);
            match self.random.below(4) {
                0 => self.story = events::edit(token, &able, &mut self.random),
                1 if self.random.below(2) == 0 => {
                    faulty = true;
                    self.story =
                        events::edit(token, &able, &mut self.random) + ", and answers are lost";
                    events::trouble(&self.server, &mut self.random);
                }
                _ => {}
            }
        }
        self.apply(faulty);
        if faulty {
            self.story += " (the apply after it)";
            self.apply(false);
        }
    }

    fn apply(&mut self, faulty: bool) {
        std::fs::write(self.folder.path().join("main.tf"), self.configuration())
            .expect("it is writable");
        let (code, said) = self.lanyard(&["apply", "--yes", "--out-file", "secrets.jsonl"]);
        self.server.faults().clear();
        self.tally.applies += 1;
        let at = self.at();
        self.tally.check(faulty || code == Some(0), || {
            format!("9: {at}: apply ends with {code:?}: {said}")
        });
        if code != Some(0) {
            return;
        }
        let (code, said) = self.lanyard(&["plan", "--detailed-exitcode"]);
        self.tally.check(code == Some(0), || {
            format!("9: {at}: the plan after it ends with {code:?}: {said}")
        });
        for token in self.tokens.clone() {
            self.look_at(&token, &at);
        }
    }

    fn look_at(&mut self, token: &Json, at: &str) {
        let name = token["name"].as_str().unwrap_or_default();
        if token["disabled"] == true {
            return;
        }
        let Some((id, secret)) = self.handed_over(name) else {
            self.tally.check(false, || {
                format!("9: {at}: nobody was handed the secret of {name}")
            });
            return;
        };
        let operator = operator_of(&self.server);
        let works = self.runtime.block_on(lets_in(&operator, &id, &secret));
        self.tally.check(works, || {
            format!("9: {at}: the secret of {name} that was handed over last does not work")
        });
        let known = self.since.get(name).filter(|(before, _)| *before == secret);
        let since = known.map_or(self.seconds, |(_, since)| *since);
        self.since.insert(name.to_owned(), (secret, since));
        // No grace period here is longer than two days, and OSMO's ends are whole days.
        if self.api == Api::Osmo && !token["rotation"].is_null() && self.seconds - since > 4 * DAY {
            let all = slots(&self.server, name);
            self.tally.check(all.len() == 1, || {
                format!("5: {at}: days after a rotation there are {all:?}")
            });
        }
    }

    /// The id and the secret that were handed over last.
    fn handed_over(&self, name: &str) -> Option<(String, Secret)> {
        let text = std::fs::read_to_string(self.folder.path().join("secrets.jsonl")).ok()?;
        let mut lines = text
            .lines()
            .filter_map(|line| serde_json::from_str::<Json>(line).ok());
        let last = lines.rfind(|line| line["address"] == format!("lanyard_access_token.{name}"))?;
        let part = |name: &str| last[name].as_str().map(str::to_owned);
        Some((part("id")?, Secret::new(part("token")?)))
    }

    fn lanyard(&self, words: &[&str]) -> (Option<i32>, String) {
        let settings = settings_for(&self.server);
        let settings = settings.as_object().expect("settings are an object");
        let environment = settings.iter().filter_map(|(name, value)| {
            Some((
                format!("LANYARD_{}", name.to_uppercase()),
                value.as_str()?.to_owned(),
            ))
        });
        let ended = Command::new(&Binaries::get().command)
            .args(words)
            .current_dir(self.folder.path())
            .env_clear()
            .envs(environment)
            .output()
            .expect("the command starts");
        let said = format!(
            "{}{}",
            String::from_utf8_lossy(&ended.stdout),
            String::from_utf8_lossy(&ended.stderr)
        );
        (ended.status.code(), said)
    }

    fn configuration(&self) -> String {
        let account = self
            .account
            .iter()
            .map(|config| block("lanyard_service_account", "svc", config));
        let tokens = self.tokens.iter().map(|config| {
            let name = config["name"].as_str().unwrap_or_default();
            block("lanyard_access_token", name, config)
        });
        account.chain(tokens).collect()
    }
}

fn block(kind: &str, label: &str, config: &Json) -> String {
    let mut text = format!("resource \"{kind}\" \"{label}\" {{\n");
    for (name, value) in config.as_object().into_iter().flatten() {
        match value {
            Json::Null => {}
            Json::Object(entries) => {
                text += &format!("  {name} {{\n");
                for (name, value) in entries {
                    text += &format!("    {name} = {}\n", expression(value));
                }
                text += "  }\n";
            }
            value => text += &format!("  {name} = {}\n", expression(value)),
        }
    }
    text + "}\n"
}

fn expression(value: &Json) -> String {
    match value {
        value if *value == json!(ACCOUNT) => "lanyard_service_account.svc.id".to_owned(),
        Json::Object(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(name, value)| format!("{name} = {}", expression(value)))
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
        value => value.to_string(),
    }
}
