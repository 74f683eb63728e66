//! `lanyard_access_token` and `lanyard_access_tokens`.

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::data::{FindAccessToken, ListAccessTokens};
use lanyard_compiler::model::record::AccessTokenRecord;
use lanyard_compiler::model::{AccessToken, data, decode};
use lanyard_compiler::value::Value;

use super::{ambiguous, argument, completed, list, not_found, read};
use crate::record::Filter;
use crate::token_server::TokenServer;

const TITLE: &str = "access token";

pub(super) async fn one(server: &dyn TokenServer, config: &Value) -> Result<Value, Diagnostic> {
    let FindAccessToken {
        id,
        name,
        service_account,
    } = decode(config)?;
    let record = match argument(id) {
        Some(id) => read::<AccessToken>(server, &id)
            .await?
            .ok_or_else(|| not_found(TITLE, "id", &id))?,
        None => {
            let name = argument(name).unwrap_or_default();
            named(server, name, argument(service_account)).await?
        }
    };
    let found = completed(
        config,
        [
            ("id", record.id.as_str().into()),
            ("name", record.name.as_str().into()),
            ("service_account", record.service_account.clone().into()),
        ],
    );
    Ok(data::value(
        &found,
        &data::access_token(&record, server.now()),
    ))
}

async fn named(
    server: &dyn TokenServer,
    name: String,
    service_account: Option<String>,
) -> Result<AccessTokenRecord, Diagnostic> {
    let filter = Filter {
        name: Some(name.clone()),
        service_account,
        ..Filter::default()
    };
    let mut found = list::<AccessToken>(server, &filter).await?;
    match found.len() {
        0 => Err(not_found(TITLE, "name", &name)),
        1 => Ok(found.remove(0)),
        _ => {
            let ids: Vec<&str> = found.iter().map(|record| record.id.as_str()).collect();
            let hint = "Give the `id` instead, or the `service_account` that the token belongs to.";
            Err(ambiguous(TITLE, &name, &ids, hint))
        }
    }
}

pub(super) async fn all(server: &dyn TokenServer, config: &Value) -> Result<Value, Diagnostic> {
    let ListAccessTokens {
        service_account,
        name_prefix,
    } = decode(config)?;
    let filter = Filter {
        service_account: argument(service_account),
        ..Filter::default()
    };
    let prefix = name_prefix.unwrap_or_default();
    let mut records = list::<AccessToken>(server, &filter).await?;
    records.retain(|record| record.name.starts_with(&prefix));
    records.sort_by_cached_key(|record| {
        (
            record.service_account.clone(),
            record.name.clone(),
            record.id.clone(),
        )
    });
    let now = server.now();
    let list = data::AccessTokenList {
        access_tokens: records
            .iter()
            .map(|record| data::access_token_summary(record, now))
            .collect(),
    };
    Ok(data::value(config, &list))
}
