//! `lanyard_service_account` and `lanyard_service_accounts`.

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::data::{FindServiceAccount, ListServiceAccounts};
use lanyard_compiler::model::record::ServiceAccountRecord;
use lanyard_compiler::model::{ServiceAccount, data, decode};
use lanyard_compiler::value::Value;

use super::{ambiguous, argument, completed, list, not_found, read};
use crate::record::Filter;
use crate::token_server::TokenServer;

const TITLE: &str = "service account";

pub(super) async fn one(server: &dyn TokenServer, config: &Value) -> Result<Value, Diagnostic> {
    let FindServiceAccount { id, name } = decode(config)?;
    let record = match argument(id) {
        Some(id) => read::<ServiceAccount>(server, &id)
            .await?
            .ok_or_else(|| not_found(TITLE, "id", &id))?,
        None => named(server, argument(name).unwrap_or_default()).await?,
    };
    let found = completed(
        config,
        [
            ("id", record.id.as_str().into()),
            ("name", record.name.as_str().into()),
        ],
    );
    Ok(data::value(&found, &data::service_account(&record)))
}

async fn named(server: &dyn TokenServer, name: String) -> Result<ServiceAccountRecord, Diagnostic> {
    let filter = Filter {
        name: Some(name.clone()),
        ..Filter::default()
    };
    let mut found = list::<ServiceAccount>(server, &filter).await?;
    match found.len() {
        0 => Err(not_found(TITLE, "name", &name)),
        1 => Ok(found.remove(0)),
        _ => {
            let ids: Vec<&str> = found.iter().map(|record| record.id.as_str()).collect();
            Err(ambiguous(TITLE, &name, &ids, "Give the `id` instead."))
        }
    }
}

pub(super) async fn all(server: &dyn TokenServer, config: &Value) -> Result<Value, Diagnostic> {
    let ListServiceAccounts { name_prefix } = decode(config)?;
    let prefix = name_prefix.unwrap_or_default();
    let mut records = list::<ServiceAccount>(server, &Filter::default()).await?;
    records.retain(|record| record.name.starts_with(&prefix));
    records.sort_by(|left, right| (&left.name, &left.id).cmp(&(&right.name, &right.id)));
    let list = data::ServiceAccountList {
        service_accounts: records.iter().map(data::service_account_summary).collect(),
    };
    Ok(data::value(config, &list))
}
