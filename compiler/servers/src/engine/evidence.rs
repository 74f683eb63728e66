//! What tells the credential of a state from another one that has its id: noted when a secret was issued for that state, kept beside
//! it, and never changed by a look at the server, which at most adds what was not known. A refresh brings a state up to date with
//! whatever has its id, so the state itself cannot tell.

mod stored;

use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::server::Recovery;
use lanyard_compiler::model::state::Written;
use lanyard_compiler::model::{Kind, State};
use lanyard_compiler::value::Value;

use crate::record::Record;
use crate::session::{Clash, Credential, Use};
use crate::shown::Shown;
use crate::token_server::TokenServer;

/// Kept beside a state by whoever keeps states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Tells one state from another one of the same object.
    instance: String,
    /// Where the state was last found (see [`super::whereabouts`]).
    site: Option<String>,
    created_at: Option<String>,
    issued_at: Option<String>,
    generation: Option<i64>,
    /// The plan of a deletion has shown that the secret was replaced elsewhere, and that it is to end all the same.
    knows: bool,
    /// What the server shows of the secret, where it is sealed for a recipient and the state cannot tell it from another one.
    shown: Option<Shown>,
    /// What it showed, when it was last read, of a secret that is not the state's.
    others: Option<Shown>,
    /// Since it was seen that the secret is another one by now: whether another state of that run had taken the object over.
    taken: Option<bool>,
}

impl Evidence {
    /// Of a state that has just been made or taken over; `None` if there is nothing to speak of.
    pub fn of(state: &State) -> Option<Self> {
        let mut bytes = [0; 8];
        rand::fill(&mut bytes).ok()?;
        Some(Self::named(URL_SAFE_NO_PAD.encode(bytes), state))
    }

    fn named(instance: String, state: &State) -> Self {
        let text = |time: &Option<Written<Timestamp>>| time.as_ref().map(ToString::to_string);
        Self {
            instance,
            site: None,
            created_at: text(&state.created_at),
            issued_at: text(&state.issued_at),
            generation: state.generation,
            knows: false,
            shown: None,
            others: None,
            taken: None,
        }
    }

    /// For a deletion whose plan has shown what this state says.
    fn knowing(&self, state: &State) -> Self {
        Self {
            site: self.site.clone(),
            knows: true,
            others: self.others.clone(),
            ..Self::named(self.instance.clone(), state)
        }
    }

    /// What is kept beside a state that was `before` its change and is `after` it, in the form of its kind's schema; `site`: where it was
    /// made, `shown`: what the server showed of a sealed secret in it. `None` if nothing is there.
    pub(super) fn beside(
        kind: Kind,
        evidence: Option<Self>,
        before: &Value,
        after: &Value,
        site: Option<String>,
        shown: Option<Shown>,
    ) -> Option<Self> {
        let [before, after] =
            [before, after].map(|state| State::read_any(kind, state).ok().flatten());
        let after = after?;
        let evidence = match (evidence, before) {
            (Some(evidence), Some(before)) => evidence.after(&before, &after),
            _ => Self::of(&after)?,
        };
        let site = evidence.site.or(site);
        let shown = shown.or(evidence.shown);
        Some(Self {
            site,
            shown,
            ..evidence
        })
    }

    /// What is kept beside a state that was read: a state that came from elsewhere has nothing, what the server shows of a sealed secret
    /// may not have been known when it was issued, and somebody else's secret may have taken its place. A server that shows the secret
    /// puts that one into the state: what the `prior` one had is noted then, which is all that tells the two apart.
    fn after_read<R: Record>(
        evidence: Option<&Self>,
        prior: &State,
        state: &State,
        record: &R,
        site: Option<String>,
    ) -> Option<Self> {
        let was_replaced = state.secret_was_replaced();
        let known = match evidence {
            Some(known) => known.clone(),
            None => Self::of(state)?,
        };
        let is_sealed = state.encrypted_token.is_some();
        let had = || Shown::of_replaced(prior.token.as_ref()?, record);
        let learnt = || (is_sealed && !was_replaced).then(|| Shown::now(record));
        let shown = known.shown.clone().or_else(had);
        let shown = shown.or_else(|| learnt().flatten());
        let is_gone = shown.as_ref().is_some_and(|own| own.is_gone_from(record));
        let is_own = !was_replaced && !is_gone && (is_sealed || state.token.is_some());
        Some(Self {
            site,
            shown,
            others: (!is_own).then(|| Shown::now(record)).flatten(),
            ..known
        })
    }

    /// A secret that the change brought is this state's own.
    fn after(self, before: &State, after: &State) -> Self {
        let issued = before.token != after.token || before.encrypted_token != after.encrypted_token;
        if issued {
            Self::named(self.instance, after)
        } else {
            self
        }
    }

    pub(crate) fn instance(&self) -> &str {
        &self.instance
    }

    pub(super) fn site(&self) -> Option<&str> {
        self.site.as_deref()
    }

    /// True if it is known when the object was made.
    pub(super) fn is_dated(&self) -> bool {
        self.created_at.is_some()
    }

    pub(super) fn shown(&self) -> Option<&Shown> {
        self.shown.as_ref()
    }

    /// What the server showed of the secret when it was last read, where the state does not hold it: the rotation of a plan replaces no
    /// other one.
    pub(super) fn last_shown(&self) -> Option<&Shown> {
        self.others.as_ref().or(self.shown.as_ref())
    }

    /// What the server showed of the secret that a deletion is to end: the state's own, or the one that its plan has shown instead.
    pub(super) fn to_be_ended(&self) -> Option<&Shown> {
        if self.knows {
            &self.others
        } else {
            &self.shown
        }
        .as_ref()
    }

    /// True if it does not matter that the secret is somebody else's by now.
    pub(super) fn knows(&self) -> bool {
        self.knows
    }

    /// What is kept beside a state that says by now what a deletion has found there instead. The next plan tells whether another state
    /// has that.
    pub(super) fn after_finding<R: Record>(&self, state: &State, record: &R) -> Option<Self> {
        let read = Self::after_read(Some(self), state, state, record, self.site.clone())?;
        Some(Self {
            knows: false,
            taken: Some(false),
            ..read
        })
    }

    /// True if another state has the object by now.
    pub(super) fn is_taken(&self) -> bool {
        self.taken == Some(true)
    }

    /// True if the last read of the state has shown that its secret was replaced elsewhere.
    fn differs(&self, server: &dyn TokenServer, state: &State) -> bool {
        let of = |state: &State| Credential::of(server.capabilities(), state);
        let own = of(&self.of_credential(server, state));
        state.secret_was_replaced() || !own.was_issued_with(&of(state))
    }

    /// The state, saying of its credential what was true when it was issued. A server that shows the current secret has given the
    /// state whatever was issued since.
    pub(crate) fn of_credential(&self, server: &dyn TokenServer, state: &State) -> State {
        let mut issued = state.clone();
        let time = |text: &Option<String>| text.as_deref().and_then(Written::parse);
        issued.created_at = time(&self.created_at);
        let capabilities = state.capabilities(server.capabilities());
        let was_given = capabilities.recovery == Recovery::ReadSecret && state.token.is_some();
        if capabilities.issues_secret && !was_given {
            issued.issued_at = time(&self.issued_at);
            issued.generation = self.generation;
        }
        issued
    }
}

/// Notes what a refresh has read for a state that was `prior`, and tells what is kept beside it from then on, if that is not what it
/// was. Where somebody else has replaced the secret, it looks whether that was another state of this run, which has taken the object
/// over: with `create_before_destroy` in an apply that was interrupted, or under another address without `moved`.
pub(super) async fn was_read<R: Record>(
    server: &dyn TokenServer,
    evidence: Option<&Evidence>,
    prior: &State,
    state: &State,
    record: &R,
    site: Option<String>,
) -> Option<Evidence> {
    let mut read = Evidence::after_read(evidence, prior, state, record, site)?;
    let (kind, id, holders) = (state.kind(), record.id(), &server.session().holders);
    let is_gone = |own: &Shown| own.is_gone_from(record);
    let was_replaced = read.differs(server, state) || read.shown.as_ref().is_some_and(is_gone);
    holders.was_read(kind, id, &read.instance, !was_replaced);
    let credential = |state: &State| Credential::of(server.capabilities(), state);
    let is_known = || {
        evidence.is_some_and(|known| known.others == read.others)
            && credential(prior).was_issued_with(&credential(state))
    };
    read.taken = match read.taken {
        _ if !was_replaced => None,
        _ if holders.is_taken(kind, id, &read.instance) => Some(true),
        Some(taken) if is_known() => Some(taken),
        _ => Some(holders.is_taken_soon(kind, id, &read.instance).await),
    };
    (evidence != Some(&read)).then_some(read)
}

/// Notes what a plan does with the object of a state, and tells if another state of this run holds the same object.
pub fn plans(
    server: &dyn TokenServer,
    state: &State,
    evidence: &Evidence,
    intends: Use,
) -> Option<Diagnostic> {
    let own = evidence.of_credential(server, state);
    let credential = Credential::of(server.capabilities(), &own);
    note(server, state, evidence, Some(credential), intends)
}

/// Notes that a plan deletes the object of a state, and tells what is kept beside it for the deletion. Where a read has shown that its
/// secret was replaced since it was issued for this state, either another state took the object over: that one's is not to be deleted.
/// Or somebody else replaced it, which the plan shows: then the deletion is to end it all the same. If another state of this run turns
/// out to have the object after all, that is an error, whichever of the two is planned first.
pub fn plans_to_delete(
    server: &dyn TokenServer,
    state: &State,
    evidence: &Evidence,
) -> (Option<Evidence>, Option<Diagnostic>) {
    if evidence.is_taken() {
        // It is left alone.
        return (None, None);
    }
    let was_replaced = evidence.taken == Some(false);
    // With an account goes whatever secret it has.
    let ends_any = was_replaced || state.kind() == Kind::ServiceAccount;
    let clash = if ends_any {
        note(server, state, evidence, None, Use::Ends)
    } else {
        plans(server, state, evidence, Use::Ends)
    };
    (was_replaced.then(|| evidence.knowing(state)), clash)
}

fn note(
    server: &dyn TokenServer,
    state: &State,
    evidence: &Evidence,
    credential: Option<Credential>,
    intends: Use,
) -> Option<Diagnostic> {
    let (kind, id) = (state.kind(), state.id.as_deref()?);
    let holders = &server.session().holders;
    let clash = holders.note(kind, id, &evidence.instance, credential, intends)?;
    let name = state.name.as_deref().unwrap_or(id);
    Some(clash_of(server, kind, name, id, clash))
}

/// The object of this state is to be replaced, as Terraform was asked to.
pub fn plans_to_replace(
    server: &dyn TokenServer,
    kind: Kind,
    evidence: &Evidence,
) -> Option<Diagnostic> {
    let holders = &server.session().holders;
    let (id, clash) = holders.ends(kind, &evidence.instance)?;
    Some(clash_of(server, kind, &id, &id, clash))
}

fn clash_of(
    server: &dyn TokenServer,
    kind: Kind,
    name: &str,
    id: &str,
    clash: Clash,
) -> Diagnostic {
    let (title, server) = (kind.title(), server.capabilities().title);
    let moved = "If it only has another address now: say so with a `moved` block.";
    match clash {
        Clash::HeldTwice => Diagnostic::warning(Code::HeldTwice, "Two resources hold one object")
            .detail(format!(
                "The {title} {name:?} ({id}) is in the state twice. Whatever one resource changes, the other changes back, and the \
                 end of one is the end of both."
            ))
            .hint(moved)
            .hint(
                "Otherwise let go of one: `terraform state rm`, or a `removed` block with `destroy = false`, leaves the server as \
                 it is.",
            ),
        Clash::EndsAnothers => Diagnostic::error(
            Code::EndsAnothers,
            "A deletion would end what another resource holds",
        )
        .detail(format!(
            "The {title} {name:?} ({id}) is in the state twice, and one of the two is to be deleted or replaced. That would end the \
             other one's as well: nothing that {server} tells is different between them."
        ))
        .hint(moved)
        .hint("Otherwise let go of the one that is to be deleted: `terraform state rm` leaves the server as it is.")
        .hint(format!(
            "If the plan speaks of a deposed object: `terraform state rm` its address, then `terraform import` {id} there again."
        ))
        .hint("With `-parallelism=1` one state is planned before the other is read: a plan without it may tell the two apart."),
    }
}
