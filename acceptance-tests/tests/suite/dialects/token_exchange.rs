//! Token exchange through Dex, whose checks come in its own order, and through OpenObserve's wrapper around it.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use lanyard_token_server::{Api, Options, ReferenceServer};
use reqwest::blocking::Client;
use reqwest::{Certificate, Method};
use serde_json::{Value, json};

use crate::support::caller::{Caller, Reply, text};
use crate::vendor::Vendor;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";

struct Dex {
    vendor: Vendor,
    client: Caller,
}

fn start() -> Dex {
    let vendor = Vendor::start(Api::OpenObserve);
    let secret = vendor.server.password.clone().unwrap();
    let client = vendor.basic("lanyard", &secret);
    Dex { vendor, client }
}

/// A form of these fields, each encoded.
fn form(fields: &[(&str, &str)]) -> String {
    let mut form = reqwest::Url::parse("http://form/").unwrap();
    form.query_pairs_mut().extend_pairs(fields);
    form.query().unwrap().to_owned()
}

fn post(caller: &Caller, form: String) -> Reply {
    caller.form("/dex/token", form)
}

impl Dex {
    /// A good exchange with some fields put differently; an empty value leaves a field out.
    fn exchange(&self, changes: &[(&str, &str)]) -> Reply {
        let mut fields = vec![
            ("grant_type", GRANT),
            ("connector_id", "test"),
            ("subject_token", "upstream"),
            ("subject_token_type", ACCESS_TOKEN),
            ("scope", "openid email"),
        ];
        for change in changes {
            fields.retain(|(name, _)| *name != change.0);
            fields.push(*change);
        }
        fields.retain(|(_, value)| !value.is_empty());
        post(&self.client, form(&fields))
    }
}

fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

#[track_caller]
fn refused(reply: Reply, status: u16, error: &str, description: &str) {
    reply.lacks("cache-control");
    reply.lacks("www-authenticate");
    let mut expected = json!({ "error": error });
    if !description.is_empty() {
        expected["error_description"] = json!(description);
    }
    assert_eq!(reply.expect(status), expected);
}

#[test]
fn an_exchange_gives_a_signed_token_with_the_claims_of_its_scopes() {
    let dex = start();
    let reply = dex.exchange(&[("scope", "openid email profile federated:id")]);
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.header("pragma"), "no-cache");
    let order = [
        "\"access_token\"",
        "\"issued_token_type\"",
        "\"token_type\":\"bearer\"",
        "\"expires_in\":1799",
    ];
    let places: Vec<_> = order
        .iter()
        .map(|key| reply.text.find(key).unwrap())
        .collect();
    assert!(places.is_sorted(), "{}", reply.text);
    let answer = reply.expect(200);
    assert_eq!(answer["issued_token_type"], ACCESS_TOKEN);
    let token = text(&answer, "/access_token");
    let claims = claims(&token);
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        1800
    );
    assert_eq!(claims["aud"], "lanyard");
    assert_eq!(claims["email"], "kilgore@kilgore.trout");
    assert_eq!(claims["federated_claims"]["connector_id"], "test");
    assert!(claims["at_hash"].is_string() && claims["name"].is_string());
    assert!(claims.get("preferred_username").is_none());
    // The connector's user is somebody else than the address.
    assert_eq!(claims["federated_claims"]["user_id"], "0-385-28089-0");
    assert_eq!(text(&claims, "/jti").len(), 36);
    let groups = dex.exchange(&[("scope", "groups")]).expect(200);
    let groups = self::claims(&text(&groups, "/access_token"));
    assert_eq!(groups["groups"], json!(["authors"]));
    let subject = URL_SAFE_NO_PAD.decode(text(&claims, "/sub")).unwrap();
    assert_eq!((subject[0], subject.last()), (0x0a, Some(&b't')));
    let bare = dex
        .exchange(&[("scope", ""), ("requested_token_type", ID_TOKEN)])
        .expect(200);
    assert_eq!(bare["issued_token_type"], ID_TOKEN);
    let bare = self::claims(&text(&bare, "/access_token"));
    assert!(bare.get("email").is_none() && bare.get("at_hash").is_none());
    let peer = dex
        .exchange(&[("scope", "audience:server:client_id:openobserve")])
        .expect(200);
    let peer = self::claims(&text(&peer, "/access_token"));
    assert_eq!(
        (&peer["aud"], &peer["azp"]),
        (&json!(["openobserve", "lanyard"]), &json!("lanyard"))
    );
    let own = dex
        .exchange(&[("scope", "audience:server:client_id:lanyard")])
        .expect(200);
    let own = self::claims(&text(&own, "/access_token"));
    assert_eq!(
        (&own["aud"], own.get("azp")),
        (&json!("lanyard"), None),
        "for itself alone"
    );
}

#[test]
fn the_issuer_is_named_by_the_scheme_that_it_is_reached_by() {
    let mut options = Options::new(Api::OpenObserve);
    options.tls = true;
    let server = ReferenceServer::start(options).unwrap();
    let authority = std::fs::read(server.ca_file.as_ref().unwrap()).unwrap();
    let authority = Certificate::from_pem(&authority).unwrap();
    let client = Client::builder().no_proxy().tls_certs_only([authority]);
    let caller = Caller::of(&server.url, client.build().unwrap());
    let discovery = caller.get("/dex/.well-known/openid-configuration");
    assert_eq!(
        discovery.expect(200)["issuer"],
        format!("{}/dex", server.url)
    );
}

#[test]
fn the_token_verifies_by_discovery_and_each_one_is_different() {
    let dex = start();
    let discovery = dex
        .vendor
        .anonymous()
        .get("/dex/.well-known/openid-configuration")
        .expect(200);
    let issuer = text(&discovery, "/issuer");
    assert_eq!(issuer, format!("{}/dex", dex.vendor.server.url));
    let keys = dex.vendor.anonymous().get("/dex/keys").expect(200);
    let first = text(&dex.exchange(&[]).expect(200), "/access_token");
    let second = text(&dex.exchange(&[]).expect(200), "/access_token");
    assert_ne!(first, second);
    assert_eq!(claims(&first)["iss"], issuer);
    let head = first.split('.').next().unwrap();
    let head: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(head).unwrap()).unwrap();
    assert_eq!(
        head,
        json!({ "alg": "RS256", "kid": keys["keys"][0]["kid"] })
    );
    let userinfo = |caller: Caller| caller.get("/dex/userinfo");
    userinfo(dex.vendor.bearer(&first)).expect(200);
    userinfo(dex.vendor.bearer("bad")).expect(403);
    userinfo(dex.vendor.anonymous()).expect(401);
    let introspect = |token: &str| {
        let body = Some((
            "application/x-www-form-urlencoded",
            form(&[("token", token)]),
        ));
        let reply = dex
            .client
            .try_send(Method::POST, "/dex/token/introspect", body);
        reply.unwrap().expect(200)["active"].clone()
    };
    assert_eq!(
        (introspect(&first), introspect("bad")),
        (json!(true), json!(false))
    );
    dex.vendor.advance_seconds(1801);
    assert_eq!(introspect(&first), false);
    let asked = "HTTP method is \"GET\", expected \"POST\".";
    let get = dex.client.get("/dex/token/introspect");
    refused(get, 400, "invalid_request", asked);
    let empty = dex.client.call(Method::POST, "/dex/token/introspect");
    let said = "The POST body can not be empty.";
    refused(empty, 400, "invalid_request", said);
}

#[test]
fn the_checks_come_in_dexs_order_and_words() {
    let dex = start();
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::OPTIONS] {
        let reply = dex.client.call(method, "/dex/token");
        refused(reply, 400, "invalid_request", "method not allowed");
    }
    for form in ["grant_type=%zz", "grant_type=x;a=b"] {
        refused(
            post(&dex.client, form.to_owned()),
            400,
            "invalid_request",
            "",
        );
    }
    // Other grants are there, for people who sign in.
    for (grant, lacks) in [
        ("authorization_code", "Required param: code."),
        ("refresh_token", "No refresh token is found in request."),
        (
            "urn:ietf:params:oauth:grant-type:device_code",
            "No device code received",
        ),
    ] {
        let grant = dex.exchange(&[("grant_type", grant)]);
        refused(grant, 400, "invalid_request", lacks);
    }
    let grant = ("grant_type", "client_credentials");
    let client = dex.vendor.anonymous();
    refused(dex.exchange(&[grant]), 400, "unsupported_grant_type", "");
    refused(
        dex.client
            .post("/dex/token", json!({ "grant_type": GRANT })),
        400,
        "unsupported_grant_type",
        "",
    );
    let good = form(&[("grant_type", GRANT)]);
    let odd = client.basic("%zz", "x");
    refused(
        post(&odd, good.clone()),
        400,
        "invalid_request",
        "client_id improperly encoded",
    );
    for caller in [
        client.clone(),
        client.basic("lanyard", "wrong"),
        client.basic("lanyard-public", "x"),
    ] {
        refused(
            post(&caller, good.clone()),
            401,
            "invalid_client",
            "Invalid client credentials.",
        );
    }
    let none = "Requested connector does not exist.";
    for (change, error, description) in [
        (
            ("connector_id", "restricted"),
            "invalid_grant",
            "Connector not allowed for this client.",
        ),
        (("connector_id", "nope"), "invalid_request", none),
        (("connector_id", "never-up"), "invalid_request", none),
        (
            ("connector_id", "password"),
            "invalid_request",
            "Requested connector does not support this grant type.",
        ),
    ] {
        let with_more = [change, ("subject_token_type", ""), ("subject_token", "")];
        refused(dex.exchange(&with_more), 400, error, description);
    }
    let kind = [("subject_token_type", "jwt"), ("subject_token", "")];
    refused(
        dex.exchange(&kind),
        400,
        "request_not_supported",
        "Invalid subject_token_type.",
    );
    let missing = [("subject_token", ""), ("connector_id", "")];
    refused(
        dex.exchange(&missing),
        400,
        "invalid_request",
        "Missing subject_token",
    );
    let bad_type = ("requested_token_type", "jwt");
    refused(
        dex.exchange(&[("connector_id", ""), bad_type]),
        400,
        "invalid_request",
        none,
    );
    refused(
        dex.exchange(&[("connector_id", "oidc"), bad_type]),
        401,
        "access_denied",
        "",
    );
    refused(
        dex.exchange(&[("connector_id", "down")]),
        401,
        "access_denied",
        "",
    );
    refused(
        dex.exchange(&[bad_type]),
        400,
        "request_not_supported",
        "Invalid requested_token_type.",
    );
    let scope = ("scope", "audience:server:client_id:stranger");
    refused(dex.exchange(&[scope]), 500, "server_error", "");
    client
        .get("/dex/nothing")
        .expect_text(404, "404 page not found\n");
}

#[test]
fn basic_wins_over_the_form_and_a_public_client_needs_no_secret() {
    let dex = start();
    let fields = [
        ("grant_type", GRANT),
        ("connector_id", "test"),
        ("subject_token", "x"),
        ("subject_token_type", ID_TOKEN),
        ("client_id", "lanyard-public"),
    ];
    let public = post(&dex.vendor.anonymous(), form(&fields)).expect(200);
    assert_eq!(
        claims(&text(&public, "/access_token"))["aud"],
        "lanyard-public"
    );
    let both = post(&dex.client, form(&fields)).expect(200);
    assert_eq!(claims(&text(&both, "/access_token"))["aud"], "lanyard");
    // A secret is encoded as in a form before it goes into the header, whose scheme is read without its case.
    let pair = format!("lanyard:{}", dex.vendor.server.password.clone().unwrap());
    let small = format!("basic {}", STANDARD.encode(pair));
    let small = dex.vendor.anonymous().with("authorization", &small);
    post(&small, form(&fields)).expect(200);
}

#[test]
fn the_oidc_connector_believes_only_what_was_signed() {
    let dex = start();
    let scope = ("scope", "openid email profile federated:id");
    let id_token = text(&dex.exchange(&[scope]).expect(200), "/access_token");
    let with = |connector: &str, kind: &str| {
        dex.exchange(&[
            ("connector_id", connector),
            ("subject_token", &*id_token),
            ("subject_token_type", kind),
            scope,
        ])
    };
    let again = text(&with("oidc", ID_TOKEN).expect(200), "/access_token");
    assert_eq!(
        claims(&again)["federated_claims"]["user_id"],
        claims(&id_token)["sub"],
        "the user id is the upstream's subject"
    );
    // While the identity provider does not answer, what Dex can check with the keys it remembers is good.
    with("down", ID_TOKEN).expect(200);
    refused(with("down", ACCESS_TOKEN), 401, "access_denied", "");
    // Whoever has no name and address is nobody.
    let nameless = text(&dex.exchange(&[]).expect(200), "/access_token");
    let nameless = [("connector_id", "oidc"), ("subject_token", &*nameless)];
    refused(dex.exchange(&nameless), 401, "access_denied", "");
    let forged = format!("{id_token}x");
    let forged = [("connector_id", "oidc"), ("subject_token", &*forged)];
    refused(dex.exchange(&forged), 401, "access_denied", "");
}

#[test]
fn the_wrapper_makes_the_principal_an_external_account() {
    let dex = start();
    let root = &dex.vendor.operator;
    let exchange = |body: Value| dex.vendor.anonymous().post("/config/token", &body);
    let answer = exchange(json!({ "token": "ya29.x", "token_type": "AccessToken" })).expect(200);
    assert_eq!(
        (&answer["token_type"], &answer["expires_in"]),
        (&json!("bearer"), &json!(1799))
    );
    assert_eq!(answer["issued_token_type"], ACCESS_TOKEN);
    let bearer = dex.vendor.bearer(&text(&answer, "/access_token"));
    let accounts = "/api/default/service_accounts";
    let listed = root.get(accounts).expect(200);
    assert_eq!(listed["data"][0]["is_external"], true);
    let email = text(&listed, "/data/0/email");
    bearer.get(accounts).expect_text(403, "Forbidden");
    root.post("/api/default/roles", json!({ "role": "r" }))
        .expect(200);
    let add = json!({ "add": [], "remove": [], "add_users": [email] });
    root.put("/api/default/roles/r", &add).expect(200);
    bearer.get(accounts).expect(200);
    bearer
        .get("/api/_meta/service_accounts")
        .expect_text(401, "Unauthorized Access");
    let path = format!("{accounts}/{email}");
    let external = "Updates not allowed with external users, please update with source system";
    assert_eq!(root.put(&path, json!({})).expect(400)["message"], external);
    let rotated = root
        .put(&format!("{path}?rotateToken=true"), json!({}))
        .expect(404);
    assert_eq!(
        rotated["message"],
        "Not allowed for external service accounts"
    );
    assert_eq!(root.delete(&path).expect(403)["message"], "Not Allowed");
    dex.vendor.advance_seconds(1801);
    bearer.get(accounts).expect(401);
    exchange(json!({ "token": "x", "token_type": "Other" })).expect(422);
    exchange(json!({ "token": "x" })).expect(422);
}

#[test]
fn a_token_for_somebody_else_does_not_open_openobserve() {
    let dex = start();
    let token = text(&dex.exchange(&[]).expect(200), "/access_token");
    let refused = dex
        .vendor
        .bearer(&token)
        .get("/api/default/service_accounts");
    assert!(
        refused
            .header("www-authenticate")
            .starts_with("Bearer as_uri=")
    );
    refused.expect(401);
}
