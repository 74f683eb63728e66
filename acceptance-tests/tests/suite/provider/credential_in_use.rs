//! The provider signs in with a credential that it manages: a plan that ends it says so, on every server that tells who we are.

use lanyard_compiler::diagnostic::Code;
use lanyard_compiler::value::Value;
use lanyard_token_server::{Api, ReferenceServer};
use serde_json::{Value as Json, json};

use super::core::{Core, Object, server_of, settings_for};

/// An account, a token of it, and the object of both that holds the secret.
struct Credential {
    account: Option<Object>,
    token: Option<Object>,
}

async fn made(core: &Core, account: Json, token: Json) -> Credential {
    let mut made = Credential {
        account: None,
        token: None,
    };
    let mut token = token;
    if !account.is_null() {
        let mut object = core.account();
        object.apply(account).await;
        if !token.is_null() {
            token["service_account"] = json!(object.text("id"));
        }
        made.account = Some(object);
    }
    if !token.is_null() {
        let mut object = core.token();
        object.apply(token).await;
        made.token = Some(object);
    }
    made
}

/// The objects of a credential as a provider sees them that signs in with it; without its secret, which an import would not know.
async fn seen_by_itself(
    server: &ReferenceServer,
    mut made: Credential,
    knows_secret: bool,
) -> Credential {
    let holder = made.token.as_ref().or(made.account.as_ref());
    let secret = holder.expect("something was made").text("token");
    let mut settings = settings_for(server);
    if server.api == Api::OpenObserve {
        let account = made.account.as_ref().expect("there is an account");
        settings["username"] = json!(account.text("email"));
        settings["password"] = json!(secret);
    } else {
        settings["token"] = json!(secret);
    }
    let (core, diagnostics) = Core::configured(settings).await;
    assert_eq!(diagnostics, []);
    let moved = |object: &mut Option<Object>, mut new: Object| {
        if let Some(object) = object {
            let mut state = std::mem::replace(&mut object.state, Value::Null);
            if !knows_secret && let Some(entries) = state.as_map_mut() {
                entries.insert("token", Value::Null);
            }
            new.state = state;
            *object = new;
        }
    };
    moved(&mut made.account, core.account());
    moved(&mut made.token, core.token());
    made
}

async fn told(object: Option<&Object>) -> Vec<String> {
    let Some(object) = object else {
        return Vec::new();
    };
    let cautions = object.caution_of_destroying().await.into_iter();
    cautions
        .map(|caution| {
            assert_eq!(caution.code, Code::CredentialInUse);
            caution.detail
        })
        .collect()
}

#[tokio::test]
async fn destroying_the_credential_in_use_is_told_on_every_server() {
    for (api, account, token) in [
        (
            Api::Native,
            json!({"name": "root", "roles": ["admin"]}),
            json!({"name": "root"}),
        ),
        (
            Api::Osmo,
            json!({"name": "root", "roles": ["osmo-admin"]}),
            json!({"name": "root"}),
        ),
        (
            Api::Elasticsearch,
            json!({"name": "apps/root"}),
            json!({"name": "root"}),
        ),
        (
            Api::Chronosphere,
            json!({"name": "root", "unrestricted": true}),
            Json::Null,
        ),
        (Api::OpenObserve, json!({"name": "root"}), Json::Null),
        (
            Api::Splunk,
            Json::Null,
            json!({"name": "root", "scopes": ["api"]}),
        ),
    ] {
        for knows_secret in [true, false] {
            let server = server_of(api);
            let core = Core::on(&server).await;
            let credential = made(&core, account.clone(), token.clone()).await;
            let mut other = core.token();
            if api == Api::Native {
                other.apply(json!({"name": "other"})).await;
            }
            let credential = seen_by_itself(&server, credential, knows_secret).await;
            let account = told(credential.account.as_ref()).await;
            let token = told(credential.token.as_ref()).await;
            match (&credential.account, &credential.token) {
                (Some(_), Some(_)) => {
                    assert_eq!(token.len(), 1, "{api:?} {token:?}");
                    assert!(token[0].contains("is the credential in use"), "{token:?}");
                    assert_eq!(account.len(), 1, "{api:?} {account:?}");
                    assert!(
                        account[0].contains("is the account of the credential"),
                        "{account:?}"
                    );
                }
                (_, None) => assert_eq!(account.len(), 1, "{api:?} {account:?}"),
                (None, _) => assert_eq!(token.len(), 1, "{api:?} {token:?}"),
            }
            if api == Api::Native {
                assert_eq!(told(Some(&other)).await, [""; 0]);
            }
        }
    }
}
