//! Many reads take few calls, on every server that can list; and no list hides what this process wrote.

use lanyard_compiler::model::Kind;
use lanyard_compiler::model::server::Api;
use lanyard_compiler::plan::Action;
use lanyard_compiler::value::Value;

use super::{Resource, Subject};

const MANY: usize = 30;
/// Three single reads, of two calls at most, a page or two, and a sign-in.
const FEW: u64 = 10;

/// Objects that one list holds: of one account, or the accounts.
async fn many(subject: &Subject) -> Vec<Resource> {
    let account = match subject.api() {
        Api::Chronosphere | Api::Openobserve => None,
        _ => subject.any_account("fleet").await,
    };
    let mut made = Vec::new();
    for number in 0..MANY {
        let name = format!("node-{number}");
        let mut resource = match subject.api() {
            Api::Chronosphere | Api::Openobserve => subject.new_account(&name),
            _ => {
                let token = Resource::new(Kind::AccessToken).with("name", name.as_str());
                match &account {
                    Some(account) => token.with("service_account", account.id()),
                    None => token,
                }
            }
        };
        resource.try_apply(subject).await;
        assert!(!resource.state.is_null());
        made.push(resource);
    }
    made
}

pub(crate) async fn many_reads_take_few_calls(mut subject: Subject) {
    let mut made = many(&subject).await;
    subject.restart();
    subject.reference.requests().clear();
    for resource in &mut made {
        resource.refresh(&subject).await;
        assert_eq!(resource.plan(&subject), Action::NoOp);
    }
    let calls = subject.reference.requests().total();
    assert!(calls <= FEW, "{calls} calls for {MANY} reads");
    subject.works(&made[0]);
}

pub(crate) async fn a_write_is_never_hidden_by_an_older_list(mut subject: Subject) {
    let mut made = many(&subject).await;
    subject.restart();
    for resource in &mut made {
        resource.refresh(&subject).await;
    }
    // Everything is known from lists now. What goes is gone, what comes is there, what changes shows.
    let mut gone = made.swap_remove(5);
    let before = gone.state.clone();
    gone.destroy(&subject).await;
    gone.state = before;
    gone.refresh(&subject).await;
    let rests = subject.api() == Api::Openobserve && gone.kind == Kind::AccessToken;
    assert_eq!(gone.state.is_null(), !rests, "{:?}", gone.state);

    gone.state = Value::Null;
    let mut come = gone;
    come.set("name", come.config.get("name").clone());
    come.apply(&subject).await;

    let mut changed = made.swap_remove(6);
    changed.trigger("1", Value::Null);
    if changed
        .whole_plan(&subject)
        .diagnostics
        .iter()
        .all(|problem| !problem.is_error())
    {
        changed.apply(&subject).await;
        let old = changed.secret().clone();
        changed.trigger("2", Value::Null);
        if changed.whole_plan(&subject).requires_replace.is_empty() {
            changed.apply(&subject).await;
            assert_ne!(changed.secret(), &old);
        }
    }
    for resource in &mut made {
        resource.refresh(&subject).await;
        assert_eq!(resource.plan(&subject), Action::NoOp);
    }
    subject.works(&made[0]);
}
