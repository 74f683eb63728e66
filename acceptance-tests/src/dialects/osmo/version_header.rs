//! What the service does when a client says its version in `x-osmo-client-version`: it refuses what is no version, refuses
//! an access token that has ended although its JWT has not, warns of one that ends within a week, and tells an older
//! client which version is current. Without the header none of it happens.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::HeaderName;

use super::fault::Refusal;
use super::{Context, dates, tokens};
use crate::serving::call::Answer;

/// What the service is.
pub(super) const SERVICE: [u32; 3] = [6, 4, 0];

const WARNING: HeaderName = HeaderName::from_static("x-osmo-warning");
const SERVICE_VERSION: HeaderName = HeaderName::from_static("x-osmo-service-version");
const WARN_DAYS: i32 = 7;

/// Headers that go with the answer, whatever it is.
#[derive(Default)]
pub(super) struct Warnings {
    text: Vec<String>,
    service_version: bool,
}

impl Warnings {
    pub(super) fn on(self, mut answer: Answer) -> Answer {
        if !self.text.is_empty() {
            answer = answer.with(WARNING, &STANDARD.encode(self.text.join("\n")));
        }
        if self.service_version {
            let [major, minor, revision] = SERVICE;
            answer = answer.with(SERVICE_VERSION, &format!("{major}.{minor}.{revision}"));
        }
        answer
    }
}

pub(super) fn check(context: &Context<'_>) -> Result<Warnings, Refusal> {
    let mut warnings = Warnings::default();
    let given = context.call.header("x-osmo-client-version");
    let Some(given) = given.filter(|_| !context.call.path.starts_with("/client/")) else {
        return Ok(warnings);
    };
    let client = parse(given)
        .ok_or_else(|| Refusal::internal("Version should be of the format major.minor.revision"))?;
    if client < SERVICE {
        let [major, minor, revision] = SERVICE;
        warnings.service_version = true;
        warnings.text.push(format!(
            "WARNING: New client {major}.{minor}.{revision} available.\nCurrent version: {given}.\n\
             Please update by running the install command in the documentation."
        ));
    }
    let Some(name) = &context.caller.token_name else {
        return Ok(warnings);
    };
    let token = context
        .store
        .access_token(&tokens::id(&context.caller.user, name))?;
    if let Some(end) = token.and_then(|token| token.expires_at) {
        let now = context.call.now;
        if end <= now {
            return Err(Refusal::expired_token(name));
        }
        let day = dates::today(end);
        if day <= dates::days_after(now, WARN_DAYS) {
            let text = format!("WARNING: Access token {name} is expiring on {day} at 12AM UTC.");
            warnings.text.push(text);
        }
    }
    Ok(warnings)
}

/// Three numbers, and maybe a hash behind them.
fn parse(text: &str) -> Option<[u32; 3]> {
    let pieces: Vec<&str> = text.split('.').collect();
    let (numbers, rest) = pieces.split_at_checked(3)?;
    if rest.len() > 1 {
        return None;
    }
    let mut version = [0; 3];
    for (number, piece) in version.iter_mut().zip(numbers) {
        *number = piece.parse().ok()?;
    }
    Some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_three_numbers_and_maybe_a_hash() {
        assert_eq!(parse("6.4.0"), Some([6, 4, 0]));
        assert_eq!(parse("6.4.0.abc123"), Some([6, 4, 0]));
        for bad in ["6.4", "6.4.x", "six", "6.4.0.a.b", ""] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
