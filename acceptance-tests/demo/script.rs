//! What the demo does, in order.

use serde_json::Value;

use crate::stage::{Stage, say};
use crate::support::native::Native;
use crate::support::state::State;

/// Plays all of it; stops at the first thing that is not as promised.
pub(crate) fn play(stage: &Stage) -> Result<(), String> {
    stage.chapter("Install the provider from a local mirror");
    stage.terraform(&["init"])?;

    stage.chapter("See what would be done");
    stage.terraform(&["plan", "-out=demo.plan"])?;

    stage.chapter("Do exactly that");
    stage.terraform(&["apply", "demo.plan"])?;

    stage.chapter("Use the token: the server says who it is");
    use_the_token(stage)?;

    stage.chapter("Plan again: nothing is left to do");
    stage.terraform(&["plan", "-detailed-exitcode"])?;

    stage.chapter("Ask the lanyard command, which reads the same files without Terraform");
    stage.lanyard(&["plan"])?;

    stage.chapter("Destroy everything");
    stage.terraform(&["destroy", "-auto-approve"])?;
    nothing_is_left(stage)?;

    say(
        "\nThat was all of it. The same folder works on your own token server: see examples/quickstart.",
    );
    Ok(())
}

/// Proves that the issued secret authenticates, and shows everything but the secret.
fn use_the_token(stage: &Stage) -> Result<(), String> {
    let state = State::read(&stage.folder());
    let token = state.attributes("lanyard_access_token.ci")["token"]
        .as_str()
        .ok_or(
            "lanyard_access_token.ci.token should hold the issued secret, but the state has none",
        )?
        .to_owned();
    stage.keep_secret(&token);
    say("$ GET /v1/whoami, with lanyard_access_token.ci.token as the credential");
    let answer = Native::with_token(stage.server(), &token).get("/v1/whoami");
    if answer.status != 200 {
        return Err(format!(
            "The issued token should authenticate, but the server answered {}: {}",
            answer.status, answer.body
        ));
    }
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let identity = &answer.body;
    say(&format!(
        "  service account  {}",
        text(&identity["service_account"]["name"])
    ));
    say(&format!(
        "  access token     {}",
        text(&identity["access_token"]["name"])
    ));
    say(&format!("  roles            {}", identity["roles"]));
    say(&format!(
        "  ends             {}",
        text(&identity["access_token"]["expires_at"])
    ));
    if identity["service_account"]["name"] != "deploy" {
        return Err(format!(
            "The token should belong to the service account \"deploy\": {identity}"
        ));
    }
    Ok(())
}

fn nothing_is_left(stage: &Stage) -> Result<(), String> {
    let native = Native::of(stage.server());
    let left = [native.account_names(), native.token_names()].concat();
    if !left.is_empty() {
        return Err(format!(
            "The server should have nothing left, but has {left:?}"
        ));
    }
    say("The server has no accounts and no tokens left.");
    Ok(())
}
