//! What each operation is for, takes and answers. Errors and parameters that follow from the route are added to
//! these.

use serde_json::json;

use super::super::capabilities::{capabilities_body, health_body};
use super::examples::{
    access_token, minted_access_token, new_service_account, page, rotated_access_token, sample,
    service_account,
};
use super::operation::Operation;

const JSON: &[&str] = &["application/json"];
const MERGE_PATCH: &[&str] = &["application/merge-patch+json", "application/json"];
const FORM: &[&str] = &["application/x-www-form-urlencoded"];
const CREATED: &[&str] = &["Location", "ETag", "Idempotency-Replayed"];
const TAGGED: &[&str] = &["ETag"];

/// By method and path.
pub(super) fn all() -> Vec<(&'static str, Operation)> {
    let mut all = service_accounts();
    all.extend(access_tokens());
    all.extend(rotation());
    all.extend(identity());
    all.extend(samples());
    all.extend(server());
    all
}

fn service_accounts() -> Vec<(&'static str, Operation)> {
    let operation = |id, summary| Operation::new(id, "Service accounts", summary);
    vec![
        (
            "GET /v1/service-accounts",
            operation(
                "listServiceAccounts",
                "Lists service accounts, oldest first.",
            )
            .parameter("Cursor")
            .parameter("Limit")
            .parameter("NameFilter")
            .parameter("ManagedByFilter")
            .answers(
                "200",
                "A page.",
                &[],
                "ServiceAccountPage",
                &page(service_account()),
            )
            .fails("400", "InvalidRequest"),
        ),
        (
            "POST /v1/service-accounts",
            operation("createServiceAccount", "Creates a service account.")
                .body(
                    JSON,
                    "NewServiceAccount",
                    true,
                    &[("restricted", new_service_account())],
                )
                .answers(
                    "201",
                    "The account.",
                    CREATED,
                    "ServiceAccount",
                    &service_account(),
                )
                .leads_to("readServiceAccount")
                .leads_to("updateServiceAccount")
                .leads_to("deleteServiceAccount")
                .fails("409", "NameTaken"),
        ),
        (
            "GET /v1/service-accounts/{id}",
            operation("readServiceAccount", "Reads a service account.")
                .parameter("IfNoneMatch")
                .answers(
                    "200",
                    "The account.",
                    TAGGED,
                    "ServiceAccount",
                    &service_account(),
                )
                .answers_empty("304", "It is as the client knows it.", TAGGED),
        ),
        (
            "PATCH /v1/service-accounts/{id}",
            operation("updateServiceAccount", "Changes a service account.")
                .says("Roles that the account loses are taken from its tokens, too.")
                .parameter("IfMatch")
                .parameter("ManagedBy")
                .body(
                    MERGE_PATCH,
                    "ServiceAccountPatch",
                    true,
                    &[("disable", json!({ "disabled": true }))],
                )
                .answers(
                    "200",
                    "The account after the change.",
                    TAGGED,
                    "ServiceAccount",
                    &service_account(),
                )
                .fails("409", "Conflict")
                .fails("412", "PreconditionFailed"),
        ),
        (
            "DELETE /v1/service-accounts/{id}",
            operation(
                "deleteServiceAccount",
                "Deletes a service account and its tokens.",
            )
            .parameter("IfMatch")
            .parameter("ManagedBy")
            .answers_empty("204", "The account and all of its tokens are gone.", &[])
            .fails("409", "ManagedElsewhere")
            .fails("412", "PreconditionFailed"),
        ),
    ]
}

fn access_tokens() -> Vec<(&'static str, Operation)> {
    let operation = |id, summary| Operation::new(id, "Access tokens", summary);
    vec![
        (
            "GET /v1/access-tokens",
            operation("listAccessTokens", "Lists access tokens, oldest first.")
                .parameter("Cursor")
                .parameter("Limit")
                .parameter("NameFilter")
                .parameter("ServiceAccountFilter")
                .parameter("ManagedByFilter")
                .answers("200", "A page.", &[], "AccessTokenPage", &page(access_token()))
                .fails("400", "InvalidRequest"),
        ),
        (
            "POST /v1/access-tokens",
            operation("createAccessToken", "Creates an access token.")
                .says("With `secret_hash` the client has minted the secret; otherwise the server does, and shows it in this answer only.")
                .body(
                    JSON,
                    "NewAccessToken",
                    true,
                    &[
                        ("minted_by_the_server", json!({ "name": "deploy", "ttl_seconds": 7_776_000 })),
                        (
                            "minted_by_the_client",
                            json!({
                                "name": "report",
                                "scopes": ["samples:read"],
                                "secret_hash": "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
                            }),
                        ),
                    ],
                )
                .answers("201", "The token.", CREATED, "AccessToken", &minted_access_token())
                .leads_to("readAccessToken")
                .leads_to("updateAccessToken")
                .leads_to("rotateAccessToken")
                .leads_to("deleteAccessToken")
                .fails("409", "NameTaken"),
        ),
        (
            "GET /v1/access-tokens/{id}",
            operation("readAccessToken", "Reads an access token.")
                .parameter("IfNoneMatch")
                .answers("200", "The token, without its secret.", TAGGED, "AccessToken", &access_token())
                .answers_empty("304", "It is as the client knows it.", TAGGED),
        ),
        (
            "PATCH /v1/access-tokens/{id}",
            operation("updateAccessToken", "Changes an access token.")
                .says("The secret stays the same.")
                .parameter("IfMatch")
                .parameter("ManagedBy")
                .body(MERGE_PATCH, "AccessTokenPatch", true, &[("never_expires", json!({ "expires_at": null }))])
                .answers("200", "The token after the change.", TAGGED, "AccessToken", &access_token())
                .fails("409", "Conflict")
                .fails("412", "PreconditionFailed"),
        ),
        (
            "DELETE /v1/access-tokens/{id}",
            operation("deleteAccessToken", "Deletes an access token.")
                .says("All of its secrets are refused from now on, also one in its grace period.")
                .parameter("IfMatch")
                .parameter("ManagedBy")
                .answers_empty("204", "The token is gone.", &[])
                .fails("409", "ManagedElsewhere")
                .fails("412", "PreconditionFailed"),
        ),
    ]
}

fn rotation() -> Vec<(&'static str, Operation)> {
    let operation = |id, summary| Operation::new(id, "Access tokens", summary);
    vec![
        (
            "POST /v1/access-tokens/{id}/rotate",
            operation("rotateAccessToken", "Gives an access token a new secret.")
                .says(
                    "The token stays the same, with its generation one higher. The old secret ends at once, or after its grace \
                     period, or with the first use of the new one; one that was in its grace period already ends at once. \
                     Disabled and expired tokens can be rotated, too; an expired one needs a new end.",
                )
                .parameter("IfMatch")
                .parameter("ManagedBy")
                .body(
                    JSON,
                    "Rotation",
                    false,
                    &[("with_grace", json!({ "grace_period_seconds": 86_400, "ttl_seconds": 7_776_000 }))],
                )
                .answers("200", "The token with its new secret.", &["ETag", "Idempotency-Replayed"], "AccessToken", &rotated_access_token())
                .fails("409", "ManagedElsewhere")
                .fails("412", "PreconditionFailed"),
        ),
        (
            "DELETE /v1/access-tokens/{id}/previous",
            operation("endGracePeriod", "Ends the grace period of the former secret now.")
                .parameter("IfMatch")
                .parameter("ManagedBy")
                .answers_empty("204", "The former secret is refused from now on.", &[])
                .fails("409", "ManagedElsewhere")
                .fails("412", "PreconditionFailed"),
        ),
    ]
}

fn identity() -> Vec<(&'static str, Operation)> {
    let operation = |id, summary| Operation::new(id, "Identity", summary);
    vec![
        (
            "GET /v1/whoami",
            operation("whoAmI", "Says what the presented credential is and what it may do.").answers(
                "200",
                "The identity.",
                &[],
                "Identity",
                &json!({
                    "kind": "service_account",
                    "id": "sa_4Qm0pXc8Rb2Ty6Lw",
                    "name": "ci",
                    "service_account": { "id": "sa_4Qm0pXc8Rb2Ty6Lw", "name": "ci" },
                    "access_token": {
                        "id": "at_9Zk3vNd7Hs1Gf5Ju",
                        "name": "deploy",
                        "expires_at": "2027-02-20T10:00:00Z",
                        "generation": 1,
                    },
                    "roles": ["editor", "viewer"],
                    "scopes": ["samples:read"],
                    "restriction": { "permission": "READ_AND_WRITE", "labels": { "environment": "test" } },
                }),
            ),
        ),
        (
            "POST /v1/introspect",
            operation("introspect", "Says what a secret is worth (RFC 7662).")
                .says("Looking at a secret is no use of it.")
                .body(FORM, "IntrospectionForm", true, &[("a_secret", json!({ "token": "lyd_…" }))])
                .answers("200", "What it is worth.", &[], "Introspection", &json!({ "active": false }))
                .fails("400", "InvalidRequest"),
        ),
        (
            "POST /v1/token",
            operation("exchangeToken", "Exchanges a secret for a short-lived one (RFC 8693).")
                .says(
                    "The new secret has the power of the access token, or less of it, and ends after 900 seconds or with the secret \
                     it was exchanged for. Errors are in the form of RFC 6749. The subject token is the credential; no other is needed.",
                )
                .body(
                    FORM,
                    "ExchangeForm",
                    true,
                    &[(
                        "narrowed",
                        json!({
                            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
                            "subject_token": "lyd_…",
                            "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
                            "scope": "samples:read",
                        }),
                    )],
                )
                .answers(
                    "200",
                    "The short-lived secret.",
                    &[],
                    "ExchangedToken",
                    &json!({
                        "access_token": "lyd_…",
                        "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
                        "token_type": "Bearer",
                        "expires_in": 900,
                        "scope": "samples:read",
                    }),
                )
                .answers(
                    "400",
                    "The exchange is refused.",
                    &[],
                    "OAuthError",
                    &json!({
                        "error": "invalid_grant",
                        "error_description": "the subject_token is no valid secret of an access token",
                    }),
                ),
        ),
    ]
}

fn samples() -> Vec<(&'static str, Operation)> {
    let operation = |id, summary| Operation::new(id, "Samples", summary);
    let body = json!({ "labels": { "environment": "test" }, "value": "21.5" });
    vec![
        (
            "GET /v1/samples",
            operation(
                "listSamples",
                "Lists the samples that the caller may see, oldest first.",
            )
            .parameter("Cursor")
            .parameter("Limit")
            .answers("200", "A page.", &[], "SamplePage", &page(sample()))
            .fails("400", "InvalidRequest"),
        ),
        (
            "POST /v1/samples",
            operation("createSample", "Creates a sample.")
                .body(JSON, "NewSample", true, &[("labelled", body.clone())])
                .answers(
                    "201",
                    "The sample.",
                    &["Location", "Idempotency-Replayed"],
                    "Sample",
                    &sample(),
                )
                .leads_to("readSample")
                .leads_to("deleteSample"),
        ),
        (
            "GET /v1/samples/{id}",
            operation("readSample", "Reads a sample.")
                .says("One outside the caller's restriction is answered as if it did not exist.")
                .answers("200", "The sample.", &[], "Sample", &sample()),
        ),
        (
            "PUT /v1/samples/{id}",
            operation(
                "replaceSample",
                "Writes a sample, whether it exists or not.",
            )
            .body(JSON, "NewSample", true, &[("labelled", body)])
            .answers("200", "The sample, replaced.", &[], "Sample", &sample())
            .answers(
                "201",
                "The sample, created.",
                &["Location"],
                "Sample",
                &sample(),
            ),
        ),
        (
            "DELETE /v1/samples/{id}",
            operation("deleteSample", "Deletes a sample.").answers_empty(
                "204",
                "The sample is gone.",
                &[],
            ),
        ),
    ]
}

fn server() -> Vec<(&'static str, Operation)> {
    let operation = |id, summary| Operation::new(id, "Server", summary);
    vec![
        (
            "GET /v1/capabilities",
            operation("readCapabilities", "Says what this server can do.").answers(
                "200",
                "What it can do.",
                &[],
                "Capabilities",
                &capabilities_body(),
            ),
        ),
        (
            "GET /healthz",
            operation("readHealth", "Says that the server is up.").answers("200", "It is up.", &[], "Health", &health_body()),
        ),
        (
            "GET /openapi.json",
            operation("readDescription", "This document.").answers(
                "200",
                "An OpenAPI 3.1 document.",
                &[],
                "Document",
                &json!({ "openapi": "3.1.0", "info": { "title": "Token server", "version": "1.0.0" }, "paths": {} }),
            ),
        ),
    ]
}
