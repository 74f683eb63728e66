//! Whether an action can do what it is asked for.

use super::ActionKind;
use crate::diagnostic::{Code, Diagnostic, sentence};
use crate::model::lifetime::GracePeriod;
use crate::model::server::{Capabilities, RotationCapability};
use crate::model::state::outline;
use crate::value::{AttributePath, Value};

outline! {
    /// The arguments of any action, right or wrong.
    struct Arguments {
        pub access_token: Option<String>,
        pub grace_period: Option<String>,
    }
}

/// What an action was asked for, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The token's id, never empty.
    pub access_token: Option<String>,
    pub grace_period: Option<GracePeriod>,
}

/// Reads the arguments of an action. Without `server`, which it is is not known yet.
pub fn asked(
    kind: ActionKind,
    config: &Value,
    server: Option<&Capabilities>,
) -> Result<Asked, Vec<Diagnostic>> {
    let said = Arguments::of(config);
    let access_token = said.access_token.value();
    let mut found = Vec::new();
    if access_token.is_some_and(String::is_empty) {
        found.push(
            Diagnostic::error(
                Code::ActionWithoutTarget,
                "Nothing says which token is meant",
            )
            .at(AttributePath::attribute("access_token"))
            .detail("`access_token` is empty.")
            .hint("Give the token's id, for example lanyard_access_token.ci.id."),
        );
    }
    if kind == ActionKind::RotateAccessToken {
        found.extend(server.and_then(cannot_rotate));
    }
    match grace_period(said.grace_period.value(), server) {
        Ok(grace_period) if found.is_empty() => Ok(Asked {
            access_token: access_token.cloned(),
            grace_period,
        }),
        result => {
            found.extend(result.err());
            Err(found)
        }
    }
}

fn cannot_rotate(server: &Capabilities) -> Option<Diagnostic> {
    let RotationCapability::Impossible { instead } = server.access_token.rotation else {
        return None;
    };
    Some(
        Diagnostic::error(
            Code::ActionUnsupported,
            "The token server cannot replace a secret in place",
        )
        .detail(format!(
            "On {} this action could only leave a token behind that nobody knows.",
            server.title
        ))
        .hint(instead),
    )
}

/// The grace period asked for, if it can be kept.
fn grace_period(
    text: Option<&String>,
    server: Option<&Capabilities>,
) -> Result<Option<GracePeriod>, Diagnostic> {
    let Some(text) = text else {
        return Ok(None);
    };
    let problem = |code, summary: &str| {
        Diagnostic::error(code, summary).at(AttributePath::attribute("grace_period"))
    };
    let period = GracePeriod::parse(text).map_err(|reason| {
        problem(Code::InvalidDuration, "A duration cannot be read")
            .detail_of(|quote| sentence(&format!("{} {reason}.", quote(text))))
    })?;
    match (period, server.map(|server| &server.access_token.rotation)) {
        // The new secret is thrown away: nobody will ever use it, and the old one would stay for good.
        (GracePeriod::UntilFirstUse, _) => Err(problem(
            Code::UnusableGracePeriod,
            "This grace period would never end",
        )
        .detail(
            "The secret that this action issues is used by nobody, so the old one would not end.",
        )
        .hint("Give a duration, for example \"1h\".")),
        (GracePeriod::Lasts(length), Some(RotationCapability::NoOverlap { instead }))
            if length.seconds() > 0 =>
        {
            Err(
                problem(Code::UnsupportedGracePeriod, "The old secret ends at once")
                    .detail(format!(
                        "{text:?} is asked for, and this server keeps no old secret."
                    ))
                    .hint(*instead),
            )
        }
        (GracePeriod::Lasts(length), Some(RotationCapability::TwoSlots))
            if length.seconds() > 0 =>
        {
            Err(
                problem(
                    Code::UnsupportedGracePeriod,
                    "Nobody would end the old secret",
                )
                .detail(format!(
                    "{text:?} is asked for. This server keeps an old secret until it is told to end it, and an action remembers nothing."
                ))
                .hint("Leave it out: the old secret then ends at once.")
                .hint("Or change a value in the `triggers` of the token's `rotation` block and apply: that keeps its `grace_period`."),
            )
        }
        (
            GracePeriod::Lasts(length),
            Some(RotationCapability::Server {
                max_grace: Some(longest),
                ..
            }),
        ) if length > *longest => Err(problem(
            Code::UnsupportedGracePeriod,
            "The grace period is too long",
        )
        .detail(format!(
            "{text:?} is asked for, and the server allows {longest} at most."
        ))
        .hint("Give a shorter one.")),
        (period, _) => Ok((!period.is_none()).then_some(period)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::server::{Api, capabilities};

    #[test]
    fn what_is_not_known_yet_is_no_mistake_and_what_is_empty_is_never_carried_out() {
        let config = |id: Value| Value::map([("access_token", id), ("grace_period", Value::Null)]);
        for kind in ActionKind::ALL {
            let native = Some(capabilities(Api::Native));
            let unknown = asked(kind, &config(Value::Unknown), native);
            assert_eq!(unknown, Ok(Asked::default()));
            let empty = asked(kind, &config("".into()), native).unwrap_err();
            assert_eq!(empty[0].code, Code::ActionWithoutTarget);
        }
    }

    #[test]
    fn every_mistake_is_told_at_once() {
        let config = Value::map([("access_token", "".into()), ("grace_period", "soon".into())]);
        let server = Some(capabilities(Api::Chronosphere));
        let problems = asked(ActionKind::RotateAccessToken, &config, server).unwrap_err();
        let codes: Vec<Code> = problems.iter().map(|problem| problem.code).collect();
        assert_eq!(
            codes,
            [
                Code::ActionWithoutTarget,
                Code::ActionUnsupported,
                Code::InvalidDuration
            ]
        );
    }
}
