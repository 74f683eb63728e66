//! Where the state is kept that we work for. Terraform does not tell its plugins, but starts them in the configuration's folder,
//! where `init` has written the backend down. Runs on one state exclude each other by its lock, so what this describes admits
//! one run at a time.

use std::path::{Path, PathBuf};

use lanyard_servers::Origin;
use serde_json::Value as Json;

/// Variables that backends take part of the state's address from. Credentials are left out: they may be new for every run.
const ADDRESSES: [&str; 27] = [
    "ALICLOUD_OSS_ENDPOINT",
    "ALICLOUD_REGION",
    "ALICLOUD_TABLESTORE_ENDPOINT",
    "ARM_ENVIRONMENT",
    "ARM_METADATA_HOSTNAME",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    "AWS_REGION",
    "AWS_S3_ENDPOINT",
    "CONSUL_HTTP_ADDR",
    "KUBERNETES_SERVICE_HOST",
    "KUBE_CONFIG_PATH",
    "KUBE_CONFIG_PATHS",
    "KUBE_CTX",
    "KUBE_CTX_CLUSTER",
    "KUBE_HOST",
    "KUBE_NAMESPACE",
    "PGDATABASE",
    "PGHOST",
    "PGPORT",
    "PG_CONN_STR",
    "PG_SCHEMA_NAME",
    "TENCENTCLOUD_REGION",
    "TF_CLOUD_HOSTNAME",
    "TF_CLOUD_ORGANIZATION",
    "TF_CLOUD_PROJECT",
    "TF_HTTP_ADDRESS",
];

/// What describes the state's place, in parts; `None` if that cannot be told for sure.
pub(super) fn find() -> Option<Vec<String>> {
    let folder = std::env::current_dir().ok()?;
    let variable = |name: &str| std::env::var(name).ok().filter(|text| !text.is_empty());
    in_folder(&folder, variable)
}

fn in_folder(folder: &Path, variable: impl Fn(&str) -> Option<String>) -> Option<Vec<String>> {
    let data = variable("TF_DATA_DIR").map_or_else(|| PathBuf::from(".terraform"), PathBuf::from);
    let data = folder.join(data);
    let workspace = variable("TF_WORKSPACE")
        .or_else(|| std::fs::read_to_string(data.join("environment")).ok())
        .unwrap_or_else(|| "default".to_owned());
    let mut place = vec![format!("workspace {workspace}")];
    match backend(&data.join("terraform.tfstate"))? {
        Some((kind, config)) if kind != "local" => {
            place.push(kind);
            place.push(config);
            let addresses = ADDRESSES.iter().filter_map(|name| {
                let value = variable(name)?;
                Some(format!("{name}={value}"))
            });
            place.extend(addresses);
        }
        // A state on this machine lies in the folder, or at a path that begins there.
        local => {
            place.push(Origin::folder(folder)?);
            place.extend(local.map(|(_, config)| config));
        }
    }
    Some(place)
}

/// The kind of backend and its settings; `None` within where there is no file, which means that the state lies in the folder.
fn backend(file: &Path) -> Option<Option<(String, String)>> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Some(None),
        Err(_) => return None,
    };
    let json: Json = serde_json::from_str(&text).ok()?;
    let Some(backend) = json.get("backend").filter(|backend| !backend.is_null()) else {
        return Some(None);
    };
    let kind = backend.get("type")?.as_str()?;
    Some(Some((kind.to_owned(), backend.get("config")?.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(backend: &str, variables: &[(&str, &str)]) -> Option<Vec<String>> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(".terraform")).unwrap();
        if !backend.is_empty() {
            std::fs::write(folder.path().join(".terraform/terraform.tfstate"), backend).unwrap();
        }
        in_folder(folder.path(), |name| {
            let found = variables.iter().find(|(variable, _)| *variable == name)?;
            Some(found.1.to_owned())
        })
    }

    const S3: &str =
        r#"{"version":3,"backend":{"type":"s3","config":{"bucket":"b","key":"k"},"hash":1}}"#;

    #[test]
    fn a_remote_state_is_the_same_from_every_checkout() {
        let here = place(S3, &[]);
        assert!(here.is_some());
        assert_eq!(here, place(S3, &[("AWS_SESSION_TOKEN", "of this run")]));
        assert_eq!(here, place(&S3.replace("\"hash\":1", "\"hash\":2"), &[]));
    }

    #[test]
    fn another_state_is_another_place() {
        let here = place(S3, &[]);
        for (backend, variables) in [
            (S3.replace("\"k\"", "\"other\""), vec![]),
            (S3.to_owned(), vec![("TF_WORKSPACE", "production")]),
            (S3.to_owned(), vec![("AWS_ENDPOINT_URL_S3", "http://minio")]),
        ] {
            assert_ne!(here, place(&backend, &variables), "{backend} {variables:?}");
        }
    }

    #[test]
    fn a_state_in_a_folder_is_not_that_of_another_folder() {
        for backend in [
            "",
            r#"{"version":3}"#,
            r#"{"backend":{"type":"local","config":{"path":"x"}}}"#,
        ] {
            let here = place(backend, &[]);
            assert!(here.is_some());
            assert_ne!(here, place(backend, &[]), "{backend}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_no_place() {
        assert_eq!(place("{", &[]), None);
        assert_eq!(place(r#"{"backend":{"type":3}}"#, &[]), None);
    }
}
