//! Whether a plan goes on: it counts on what was read when it was made, and others may have changed that since.

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::State;
use lanyard_compiler::plan::guard::moved_beside;
use lanyard_compiler::plan::not_taken;
use parking_lot::Mutex;

use super::Update;
use crate::engine::held::{goes_beyond, more_power};
use crate::engine::naming::{about, name_or_id};
use crate::engine::read::held;
use crate::error::{ErrorKind, ServerError};
use crate::object::Object;

/// The state as an answer says that it is, and whether the plan goes on then.
type Heard = (State, Result<(), Diagnostic>);
/// What a server last said of the object just before it was changed.
pub(super) type Told = Mutex<Option<Heard>>;

impl<O: Object> Update<'_, O> {
    /// Stops a change that the server is about to make where the object is not what the plan counts on.
    pub(super) fn judge<'b>(
        &'b self,
        told: &'b Told,
    ) -> impl Fn(&O::Record) -> Result<(), ServerError> + Send + Sync + 'b {
        move |record| {
            let heard = self.heard(record);
            let stops = heard.1.is_err();
            *told.lock() = Some(heard);
            if stops {
                let title = self.server.capabilities().title;
                return Err(ServerError::replaced_before(title, &self.id));
            }
            Ok(())
        }
    }

    /// Hears what a server said when it judged.
    pub(super) fn learn(&mut self, told: Told) -> Result<(), Diagnostic> {
        let heard = told.into_inner();
        heard.map_or(Ok(()), |heard| self.take(heard))
    }

    /// Hears the answer to an update, after the object was found as planned: what is otherwise in it came with the update.
    pub(super) fn hear_answer(&mut self, record: &O::Record) -> Result<(), Diagnostic> {
        let (state, goes_on) = self.heard(record);
        let goes_on = goes_on.map_err(|stops| match stops.code {
            Code::Overtaken => self.came_with_it(record, &state),
            _ => stops,
        });
        self.take((state, goes_on))
    }

    /// Hears the answer to an update before which nobody looked: what is otherwise in it may be older than the update.
    pub(super) fn hear_first(&mut self, record: &O::Record) -> Result<(), Diagnostic> {
        let (state, goes_on) = self.heard(record);
        let goes_on = goes_on.map_err(|mut stops| {
            if stops.code == Code::Overtaken {
                stops.summary.push_str(", or the server did");
                stops.detail.push_str(
                    " The answer to the update says so, and nothing tells whether that was so before it.",
                );
            }
            stops
        });
        self.take((state, goes_on))
    }

    /// The server did more than the update asked for, or somebody else was there at the same moment: nothing tells which.
    fn came_with_it(&self, record: &O::Record, now: &State) -> Diagnostic {
        let mut differs = self.moved(now);
        if now.secret_was_replaced() || now.token != self.moment.prior.token {
            differs.push("token".to_owned());
        }
        let differs: Vec<String> = differs.iter().map(|name| format!("`{name}`")).collect();
        let told = Diagnostic::error(Code::NotTaken, "The token server did not do what it was asked for")
            .detail(format!(
                "The {} {:?} was as planned just before the update, and the answer to that differs from the plan in {}: the server did that, unless somebody else did at the same moment.",
                O::KIND.title(),
                name_or_id(self.moment.prior, &self.id),
                differs.join(", ")
            ))
            .hint("Plan again: the state says what the server answered, and the next plan shows what it would put back.");
        let existing = Some((self.moment.prior, self.moment.config));
        let capabilities = self.server.capabilities();
        let beyond = not_taken(capabilities, existing, self.planned, &O::observe(record))
            .map(|differs| more_power(O::KIND, &differs))
            .unwrap_or_default();
        match beyond.is_empty() {
            true => told,
            false => goes_beyond(told, &beyond),
        }
    }

    pub(super) fn hear(&mut self, record: &O::Record) -> Result<(), Diagnostic> {
        self.take(self.heard(record))
    }

    fn take(&mut self, (state, goes_on): Heard) -> Result<(), Diagnostic> {
        self.state = state;
        goes_on
    }

    /// The plan goes on unless the credential of the state died, or what the plan leaves as it was has changed, without the plan
    /// having known it.
    fn heard(&self, record: &O::Record) -> Heard {
        let prior = self.moment.prior;
        let Some(now) = held::<O>(self.server, &self.state, self.own_shown.as_ref(), record) else {
            return (self.state.clone(), Err(self.gone()));
        };
        let is_another = now.secret_was_replaced() || now.token != prior.token;
        let moved = self.moved(&now);
        let name = name_or_id(prior, &self.id);
        let goes_on = if prior.holds_secret() && !prior.secret_was_replaced() && is_another {
            Err(overtaken::<O>(name))
        } else if moved.is_empty() {
            Ok(())
        } else {
            Err(changed::<O>(name, &moved))
        };
        (now, goes_on)
    }

    /// What the plan counts on, and is otherwise now.
    fn moved(&self, now: &State) -> Vec<String> {
        let account = now.service_account.as_deref();
        let account_changes =
            account.is_some_and(|account| self.server.session().changes_account(account));
        moved_beside(self.moment.prior, self.planned, now, account_changes)
    }

    pub(super) fn gone(&self) -> Diagnostic {
        let (name, server) = (
            name_or_id(self.moment.prior, &self.id),
            self.server.capabilities(),
        );
        let detail = format!(
            "the one that was planned for, {}, is not there any more",
            self.id
        );
        let error = ServerError::new(ErrorKind::Gone, server.title, detail);
        about(&error, O::KIND, name, "Updating")
    }
}

/// The secret of the state is another one, or none, since the plan was made that counts on it.
fn overtaken<O: Object>(name: &str) -> Diagnostic {
    Diagnostic::error(Code::Overtaken, "Somebody else replaced the secret since the plan")
        .detail(format!(
            "The secret of the {} {name:?} was replaced or revoked after this plan had been made, which does not know that.",
            O::KIND.title()
        ))
        .hint("Plan again: the state says what is true now, and the next plan issues a new secret where one is needed.")
}

/// What the plan leaves as it was is otherwise since.
fn changed<O: Object>(name: &str, moved: &[String]) -> Diagnostic {
    Diagnostic::error(Code::Overtaken, "Somebody else changed it since the plan")
        .detail(format!(
            "The {} {name:?} differs from what was planned for in {}.",
            O::KIND.title(),
            moved.join(", ")
        ))
        .hint("Plan again: the state says what is true now, and the next plan shows what it would put back.")
}
