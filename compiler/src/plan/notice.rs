//! What people should hear of an object that was just read, although no plan does anything about it.

use jiff::{SignedDuration, Timestamp};

use crate::diagnostic::{Code, Diagnostic};
use crate::model::access_token::Status;
use crate::model::kind::Kind;
use crate::model::server::Capabilities;
use crate::model::state::{Form, State, Written};
use crate::value::AttributePath;

/// Early enough for somebody to act within a fortnight's planning.
const SOON: SignedDuration = SignedDuration::from_hours(14 * 24);

/// The warnings about a state as of `now`, the time by the server's clock. Summaries are the same for each cause, so that
/// Terraform shows each once with a count.
pub fn notices(server: Option<&Capabilities>, state: &State, now: Timestamp) -> Vec<Diagnostic> {
    match state.kind() {
        Kind::ServiceAccount => Vec::new(),
        Kind::AccessToken => {
            let told = soon_end(server, state, now).map(|end| {
                let name = state.name.as_deref().unwrap_or_default();
                Diagnostic::warning(
                    Code::TokenEndsSoon,
                    "An access token ends soon and nothing rotates it",
                )
                .at(AttributePath::attribute("expires_at"))
                .detail(format!("The access token {name:?} ends {end}."))
                .hint(BEFORE_IT_ENDS)
            });
            told.into_iter().collect()
        }
    }
}

/// What to do about a token that ends soon.
pub const BEFORE_IT_ENDS: &str = "Have it rotated by a `rotation` block, with a `before_expiry` or `every` shorter than a secret lasts, and apply regularly; or move `expires_at`.";

/// True if a rotation comes while the secret lives. One that is due after the end comes too late, and one that was due before the secret
/// was issued never comes (see [`super::rotation::due`]): where the server sets the end, `rotation` can ask for either.
fn comes_in_time<F: Form>(state: &State<F>, end: Timestamp) -> Option<bool> {
    let rotate_at = F::known(&state.rotate_at)?.as_ref().map(Written::value);
    let issued_at = F::known(&state.issued_at)?.as_ref().map(Written::value);
    Some(rotate_at.is_some_and(|at| at < end && issued_at.is_none_or(|issued| issued < at)))
}

/// When a token ends, in words, if that is soon and nothing will rotate it. Short-lived tokens are always near their end: theirs is
/// soon in its last quarter.
fn soon_end<F: Form>(
    server: Option<&Capabilities>,
    state: &State<F>,
    now: Timestamp,
) -> Option<String> {
    let is_active = F::known(&state.status) == Some(&Some(Status::Active));
    let end = state.stops_at(server)?;
    if !is_active || comes_in_time(state, end)? {
        return None;
    }
    let left = end.duration_since(now);
    let soon = match F::known(&state.issued_at)? {
        Some(issued) => SOON.min(end.duration_since(issued.value()) / 4),
        None => SOON,
    };
    // By a clock that the server's own word contradicts, it has ended.
    if left > soon || left.is_negative() {
        return None;
    }
    let days = left.as_hours() / 24;
    let in_words = match days {
        0 => "in less than a day".to_owned(),
        1 => "in a day".to_owned(),
        _ => format!("in {days} days"),
    };
    Some(format!("{in_words}, at {end}"))
}

/// Likewise, where a plan leaves the end as it is, and rotates it no more than before.
pub fn soon_end_kept<F: Form, P: Form>(
    server: Option<&Capabilities>,
    before: &State<F>,
    after: &State<P>,
    now: Timestamp,
) -> Option<String> {
    let kept = F::known(&before.expires_at)?;
    let stays = P::known(&after.expires_at) == Some(kept);
    let is_to_work = P::known(&after.disabled) != Some(&Some(true));
    let is_left_alone = comes_in_time(after, after.stops_at(server)?) == Some(false);
    let end = soon_end(server, before, now);
    end.filter(|_| stays && is_to_work && is_left_alone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    fn noticed(issued: &str, end: &str, rotate_at: Value, status: &str) -> Vec<String> {
        let state = Value::map([
            ("name", "ci".into()),
            ("issued_at", issued.into()),
            ("expires_at", end.into()),
            ("rotate_at", rotate_at),
            ("status", status.into()),
        ]);
        let now = "2030-06-15T00:00:00Z".parse().unwrap();
        let state = State::read(Kind::AccessToken, &state).unwrap();
        notices(None, &state, now)
            .into_iter()
            .map(|notice| notice.detail)
            .collect()
    }

    #[test]
    fn only_an_end_that_is_near_and_unattended_is_noticed() {
        let early = "2030-01-01T00:00:00Z";
        assert_eq!(
            noticed(early, "2030-06-18T00:00:00Z", Value::Null, "active"),
            ["The access token \"ci\" ends in 3 days, at 2030-06-18T00:00:00Z."]
        );
        let none: [String; 0] = [];
        assert_eq!(
            noticed(early, "2030-07-15T00:00:00Z", Value::Null, "active"),
            none
        );
        let rotates = "2030-06-17T00:00:00Z".into();
        assert_eq!(
            noticed(early, "2030-06-18T00:00:00Z", rotates, "active"),
            none
        );
        // After the end, or before the secret was issued: never.
        for never in ["2030-06-18T00:00:00Z", "2030-06-19T00:00:00Z", early] {
            let told = noticed(early, "2030-06-18T00:00:00Z", never.into(), "active");
            assert_eq!(told.len(), 1, "{never}");
        }
        assert_eq!(
            noticed(early, "2030-06-18T00:00:00Z", Value::Null, "disabled"),
            none
        );
        // A week's token on its first day.
        let fresh = "2030-06-14T00:00:00Z";
        assert_eq!(
            noticed(fresh, "2030-06-21T00:00:00Z", Value::Null, "active"),
            none
        );
    }
}
