//! What `lanyard review` costs on a plan of Terraform in which every token changes and is found by several rules: the file is made as
//! `terraform show -json` writes it, with the values to come and those before beside the changes. Time stands beside that of reading the
//! same JSON into a tree and nothing else, memory beside the size of the file.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use serde_json::{Value, json};

use crate::PATIENCE;
use crate::measure::{Used, fastest};

/// The first word of the process that only reads a file; then comes the file.
pub(crate) const PARSED: &str = "--parsed";
const SIZES: [usize; 2] = [1_000, 10_000];
const FORMATS: [&str; 6] = ["text", "markdown", "json", "sarif", "codequality", "html"];
const ROUNDS: usize = 3;

#[expect(clippy::print_stdout, reason = "a bench reports to whoever runs it")]
pub(crate) fn compare(folder: &Path, lanyard: &Path) -> Result<(), String> {
    println!(
        "\n`lanyard review` of a plan file: wall time as a multiple of parsing the JSON alone (seconds), peak memory as a multiple of the \
         file (MiB).\n"
    );
    println!("| tokens that change | file | format | time | memory |\n|---|---|---|---|---|");
    for size in SIZES {
        let file = write(folder, size).map_err(|error| error.to_string())?;
        let length = std::fs::metadata(&file)
            .map_err(|error| error.to_string())?
            .len();
        let mebibytes = length as f64 / (1024.0 * 1024.0);
        let own = std::env::current_exe().map_err(|error| error.to_string())?;
        let parsed = run(|| {
            let mut command = Command::new(&own);
            command.arg(PARSED).arg(&file);
            command
        })?;
        for format in FORMATS {
            let used = run(|| {
                let mut command = Command::new(lanyard);
                command.arg("review").arg(&file).args(["--format", format]);
                command.current_dir(folder);
                command
            })?;
            println!(
                "| {size} | {mebibytes:.1} MiB | {format} | {:.1} ({:.2} s) | {:.1} ({:.0} MiB) |",
                used.wall_seconds / parsed.wall_seconds,
                used.wall_seconds,
                used.peak_mebibytes / mebibytes,
                used.peak_mebibytes
            );
        }
    }
    Ok(())
}

fn run(command: impl FnMut() -> Command) -> Result<Used, String> {
    fastest(ROUNDS, PATIENCE, command)?.ok_or_else(|| "it took too long".to_owned())
}

/// The process that only reads.
pub(crate) fn parse(file: &Path) -> ExitCode {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    match serde_json::from_str::<Value>(&text) {
        Ok(tree) if tree.is_object() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn write(folder: &Path, size: usize) -> std::io::Result<PathBuf> {
    let path = folder.join(format!("plan-{size}.json"));
    let changes: Vec<Value> = (0..size).map(change).collect();
    let values = |side: &str| -> Vec<Value> {
        let one = |change: &Value| {
            let mut one = change.clone();
            one["values"] = change["change"][side].clone();
            one["sensitive_values"] = change["change"]["after_sensitive"].clone();
            one["schema_version"] = json!(0);
            one.as_object_mut().map(|one| one.remove("change"));
            one
        };
        changes.iter().map(one).collect()
    };
    let plan = json!({
        "format_version": "1.2",
        "terraform_version": "1.15.5",
        "planned_values": {"root_module": {"resources": values("after")}},
        "resource_changes": changes,
        "prior_state": {
            "format_version": "1.0",
            "terraform_version": "1.15.5",
            "values": {"root_module": {"resources": values("before")}},
        },
        "configuration": {
            "provider_config": {"lanyard": {"name": "lanyard", "full_name": "registry.terraform.io/lanyard/lanyard"}},
            "root_module": {"resources": [{
                "address": "lanyard_access_token.many", "mode": "managed", "type": "lanyard_access_token", "name": "many",
                "provider_config_key": "lanyard", "schema_version": 0, "for_each_expression": {"references": ["local.tokens"]},
            }]},
        },
        "applyable": true, "complete": true, "errored": false,
    });
    let mut file = BufWriter::new(File::create(&path)?);
    serde_json::to_writer(&mut file, &plan)?;
    file.flush()?;
    Ok(path)
}

/// A rotation that also widens roles and scopes.
fn change(index: usize) -> Value {
    let before = json!({
        "alert": [], "description": format!("The token of job {index}"), "disabled": false, "encrypted_token": null,
        "expires_at": "2027-02-26T04:12:08Z", "generation": 1, "id": format!("at_{index:016}"), "issued_at": "2026-11-28T04:12:08Z",
        "limits": null, "name": format!("job-{index}"), "on_conflict": "error", "previous_token": null, "recipient": null, "retired": [],
        "roles": ["viewer"], "rotate_at": null,
        "rotation": {"before_expiry": null, "grace_period": "1h", "jitter": null, "triggers": {"incident": "1"}},
        "rotation_due": false, "rotation_reason": null, "scopes": [], "service_account": "sa_0000000000000001", "status": "active",
        "token": format!("lyd_{index:039}"), "ttl": "90d", "visibility": null,
    });
    let mut after = before.clone();
    after["description"] = json!(format!("The token of job {index}, since the incident"));
    after["generation"] = json!(2);
    after["roles"] = json!(["admin", "viewer"]);
    after["scopes"] = json!(["*"]);
    after["rotation"]["triggers"]["incident"] = json!("2");
    after["rotation_reason"] = json!("`rotation.triggers[\"incident\"]` changed");
    let mut unknown = json!({"alert": [], "roles": [false, false], "rotation": {"triggers": {}}, "scopes": [false]});
    for name in [
        "expires_at",
        "issued_at",
        "previous_token",
        "retired",
        "status",
        "token",
    ] {
        after.as_object_mut().map(|after| after.remove(name));
        unknown[name] = json!(true);
    }
    let sensitive = json!({
        "alert": [], "previous_token": true, "retired": [], "roles": [false], "rotation": {"triggers": {}}, "scopes": [], "token": true,
    });
    let identity = json!({"id": format!("at_{index:016}")});
    json!({
        "address": format!("lanyard_access_token.many[\"job-{index}\"]"), "mode": "managed", "type": "lanyard_access_token",
        "name": "many", "index": format!("job-{index}"), "provider_name": "registry.terraform.io/lanyard/lanyard",
        "change": {
            "actions": ["update"], "before": before, "after": after, "after_unknown": unknown, "before_sensitive": sensitive,
            "after_sensitive": sensitive, "before_identity": identity, "after_identity": identity,
        },
    })
}
