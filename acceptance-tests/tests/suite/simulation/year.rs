//! One year on one server, by the provider: a process for each plan and each apply, as with Terraform.

use lanyard_compiler::diagnostic::{Code, Diagnostic, has_errors};
use lanyard_compiler::model::Kind;
use lanyard_compiler::value::Value;
use lanyard_provider::resources::ImportBy;
use lanyard_token_server::{Api, ReferenceServer};
use serde_json::Value as Json;

use super::checks::{self, secret, text};
use super::estate::{self, ACCOUNT, Able};
use super::events;
use super::random::Random;
use super::tally::Tally;
use crate::faults::holdings::Holdings;
use crate::provider::core::{Action, Core, Object, server_of};
use crate::support::states;

const DAY: i64 = 86_400;

struct Thing {
    kind: Kind,
    config: Json,
    state: Value,
    /// Terraform marks what a failed creation left, and replaces it.
    tainted: bool,
    /// Older secrets under the same id.
    former: Vec<lanyard_compiler::secret::Secret>,
}

struct Year {
    api: Api,
    server: ReferenceServer,
    ground: Holdings,
    things: Vec<Thing>,
    random: Random,
    tally: Tally,
    seed: u64,
    seconds: i64,
    day: i64,
    /// What happened in this step.
    story: String,
}

pub(super) async fn lived(api: Api, seed: u64, days: i64) -> Tally {
    let server = server_of(api);
    let mut year = Year {
        api,
        ground: Holdings::of(&server),
        server,
        things: Vec::new(),
        random: Random::new(seed ^ (api.name().len() as u64) << 32),
        tally: Tally::default(),
        seed,
        seconds: 0,
        day: 0,
        story: "it begins".to_owned(),
    };
    year.begin().await;
    while year.day < days {
        year.step().await;
    }
    year.tally.days = year.day;
    year.tally
}

impl Year {
    async fn begin(&mut self) {
        if self.api == Api::OpenObserve {
            // It makes an organization's first ingestion token when somebody asks for the list.
            let core = Core::on(&self.server).await;
            let listed = core
                .data("lanyard_access_tokens", serde_json::json!({}))
                .await;
            assert!(listed.is_ok(), "{listed:?}");
            self.ground = Holdings::of(&self.server);
        }
        let account = estate::account(self.api);
        let accounts = account
            .into_iter()
            .map(|config| (Kind::ServiceAccount, config));
        let tokens = estate::tokens(self.api);
        let tokens = tokens.into_iter().map(|config| (Kind::AccessToken, config));
        for (kind, config) in accounts.chain(tokens) {
            self.things.push(Thing {
                kind,
                config,
                state: Value::Null,
                tainted: false,
                former: Vec::new(),
            });
        }
        for index in 0..self.things.len() {
            self.link(index);
            self.apply(index, false).await;
        }
    }

    /// Fills in the account's id.
    fn link(&mut self, index: usize) {
        let account = text(&self.things[0].state, "id").to_owned();
        let config = &mut self.things[index].config;
        if config["service_account"] == ACCOUNT {
            config["service_account"] = account.into();
        }
    }

    fn at(&self, index: usize) -> String {
        let thing = &self.things[index];
        format!(
            "{} seed {} day {} {}: {}",
            self.api.name(),
            self.seed,
            self.day,
            thing.config["name"],
            self.story
        )
    }

    fn pass(&mut self, days: i64) {
        let seconds = self.random.below(86_400) as i64;
        let moved = self.server.clock().advance_seconds(days * DAY + seconds);
        moved.expect("a year is no distance");
        self.seconds += days * DAY + seconds;
        self.day = self.seconds / DAY;
    }

    async fn object(&self, index: usize) -> Object {
        let thing = &self.things[index];
        let core = Core::on(&self.server).await;
        let mut object = core.object(thing.kind.type_name());
        object.state = thing.state.clone();
        object
    }

    async fn step(&mut self) {
        let days = 1 + self.random.below(14) as i64;
        self.pass(days);
        self.story = "a scheduled apply".to_owned();
        self.see_who_is_due().await;
        let index = self.random.below(self.things.len());
        let thing = &mut self.things[index];
        let able = Able::of(self.api, thing.kind, &thing.config);
        let mut faulty = None;
        match self.random.below(8) {
            0 | 1 => self.story = events::edit(&mut thing.config, &able, &mut self.random),
            2 if thing.kind == Kind::AccessToken => {
                let drift = events::drift(&self.server, &thing.state, &able, &mut self.random);
                self.story = drift.await.to_owned();
            }
            3 => {
                faulty = Some(index);
                // Something to do, so that something can be lost.
                self.story = events::edit(&mut thing.config, &able, &mut self.random);
                self.story += ", and answers are lost";
            }
            4 if thing.kind == Kind::AccessToken => self.saved_plan(index, &able).await,
            5 if thing.kind == Kind::AccessToken && self.random.below(2) == 0 => {
                self.import(index).await;
            }
            _ => {}
        }
        for index in 0..self.things.len() {
            self.apply(index, faulty == Some(index)).await;
        }
        if faulty.is_some() {
            self.story += " (the apply after it)";
            for index in 0..self.things.len() {
                self.apply(index, false).await;
            }
        }
        let states: Vec<_> = self
            .things
            .iter()
            .map(|thing| (thing.kind, thing.state.clone()))
            .collect();
        let at = self.at(0);
        checks::known(&self.server, &self.ground, &states, &at, &mut self.tally);
    }

    /// What both doors say before anybody edits anything.
    async fn see_who_is_due(&mut self) {
        let mut states = Vec::new();
        for index in 0..self.things.len() {
            let mut object = self.object(index).await;
            read(&mut object).await;
            let config = object.shape(&self.things[index].config);
            states.push((self.things[index].kind, object.state.clone(), config));
        }
        let at = self.at(0);
        checks::doors_agree(&self.server, &states, &at, &mut self.tally).await;
    }

    /// Plans, waits, and applies what was planned without a look.
    async fn saved_plan(&mut self, index: usize, able: &Able) {
        let edited = events::edit(&mut self.things[index].config, able, &mut self.random);
        let mut object = self.object(index).await;
        read(&mut object).await;
        let config = object.shape(&self.things[index].config);
        let planned = match object.plan_value(&config) {
            Ok(planned) => planned,
            Err(problems) => {
                let at = self.at(index);
                self.tally
                    .check(false, || format!("1: {at}: {edited}: {problems:?}"));
                return;
            }
        };
        self.things[index].state = object.state.clone();
        let days = self.random.below(12) as i64;
        self.pass(days);
        self.story = format!("a plan of {days} days ago is applied: {edited}");
        if planned.action == Action::NoOp {
            return;
        }
        let mut object = self.object(index).await;
        let before = object.state.clone();
        let (action, told) = object.apply_planned(planned, config).await;
        self.tally.applies += 1;
        let late = told
            .iter()
            .any(|problem| problem.code == Code::ExpiredSincePlan);
        let at = self.at(index);
        self.tally.check(late || !has_errors(&told), || {
            format!("1: {at}: {}", errors(&told))
        });
        self.settled(index, (before, action, has_errors(&told)), object)
            .await;
    }

    /// The state is lost, and found again.
    async fn import(&mut self, index: usize) {
        let id = text(&self.things[index].state, "id").to_owned();
        if id.is_empty() {
            return;
        }
        self.story = "the state is lost, and imported".to_owned();
        let core = Core::on(&self.server).await;
        let mut object = core.object(self.things[index].kind.type_name());
        let told = object.import(ImportBy::Id(id)).await;
        if !has_errors(&told) {
            self.things[index].state = object.state.clone();
        }
        self.things[index].former.clear();
    }

    async fn apply(&mut self, index: usize, faulty: bool) {
        let mut object = self.object(index).await;
        let told = read(&mut object).await;
        let at = self.at(index);
        if has_errors(&told) {
            self.tally
                .check(faulty, || format!("1: {at}: {}", errors(&told)));
            return;
        }
        let mut before = object.state.clone();
        if self.things[index].tainted && !before.is_null() {
            let told = object.destroy().await;
            if has_errors(&told) {
                self.tally
                    .check(faulty, || format!("1: {at}: {}", errors(&told)));
                self.things[index].state = object.state.clone();
                return;
            }
            before = Value::Null;
        }
        let config = self.things[index].config.clone();
        if faulty {
            events::trouble(&self.server, &mut self.random);
        }
        let reviewed = object.plan(&config).ok();
        let (action, told) = object.try_apply(config.clone()).await;
        self.server.faults().clear();
        self.tally.applies += 1;
        let failed = has_errors(&told);
        self.tally.check(faulty || !failed, || {
            format!("1: {at}: {}; {}", errors(&told), checks::told(&before))
        });
        if let Some(reviewed) = reviewed.filter(|_| !failed) {
            let kind = self.things[index].kind;
            checks::as_reviewed(kind, &before, reviewed, &object.state, &at, &mut self.tally);
        }
        self.things[index].tainted = failed && before.is_null() && !object.state.is_null();
        let warned = told.iter().any(|problem| problem.code == Code::DueAtOnce);
        let again = self.settled(index, (before, action, failed), object).await;
        if failed {
            return;
        }
        let mut object = again;
        if faulty {
            return;
        }
        let told = read(&mut object).await;
        self.tally
            .check(!has_errors(&told), || format!("1: {at}: {}", errors(&told)));
        if warned {
            let before = object.state.clone();
            let (action, told) = object.try_apply(config.clone()).await;
            self.tally.applies += 1;
            self.tally
                .check(!has_errors(&told), || format!("1: {at}: {}", errors(&told)));
            object = self
                .settled(index, (before, action, has_errors(&told)), object)
                .await;
            read(&mut object).await;
        }
        match object.plan(&config) {
            Ok(planned) => self.tally.check(planned.action == Action::NoOp, || {
                format!(
                    "2: {at}: the plan is {:?}: {}",
                    planned.action,
                    checks::told(&object.state)
                )
            }),
            Err(problems) => self.tally.check(false, || format!("2: {at}: {problems:?}")),
        }
        self.things[index].state = object.state.clone();
    }

    /// What holds after every apply, failed or not. The next process goes on from there.
    async fn settled(
        &mut self,
        index: usize,
        (before, action, failed): (Value, Action, bool),
        object: Object,
    ) -> Object {
        let at = self.at(index);
        let after = object.state;
        let thing = &self.things[index];
        let able = Able::of(self.api, thing.kind, &thing.config);
        // A new object counts anew, also where it has the same id.
        let before = if action == Action::Replace {
            Value::Null
        } else {
            before
        };
        checks::counted(&before, &after, &at, &mut self.tally);
        // After a lost answer, the state is as it was before: the next read tells.
        if !failed {
            checks::alive(&self.server, &after, &at, &mut self.tally).await;
        }
        let disabled = after.get("disabled").as_bool() == Some(true);
        if !disabled {
            let was = text(&before, "status");
            if matches!(was, "active" | "expiring") {
                checks::graced(&self.server, (&before, &after), &able, &at, &mut self.tally).await;
            }
        }
        let thing = &mut self.things[index];
        if before.is_null() || before.get("id") != after.get("id") {
            thing.former.clear();
        } else if let Some(old) = secret(&before).filter(|old| Some(old) != secret(&after).as_ref())
        {
            thing.former.push(old);
        }
        let none_retired = states::retired(&after).is_empty();
        if none_retired && able.grace && !after.is_null() {
            for old in std::mem::take(&mut thing.former) {
                let works = checks::works(&self.server, &after, &old).await;
                self.tally.check(!works, || {
                    format!(
                        "6: {at}: a former secret works, and nothing is retired: {}",
                        checks::told(&after)
                    )
                });
            }
        }
        self.things[index].state = after;
        self.object(index).await
    }
}

/// As before each plan: what does not exist yet is not asked for.
async fn read(object: &mut Object) -> Vec<Diagnostic> {
    if object.state.is_null() {
        return Vec::new();
    }
    object.refresh().await
}

fn errors(told: &[Diagnostic]) -> String {
    let errors = told.iter().filter(|problem| problem.is_error());
    errors
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}
