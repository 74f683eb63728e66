//! A configuration of any size, as a platform team would write it: half of the resources come from a module that is called once per
//! team, most others from one `for_each`, and a tenth is written out.

use std::fmt::Write as _;
use std::path::Path;

/// The smallest size; sizes are multiples of it.
const UNIT: usize = 20;

const VERSIONS: &str = r#"terraform {
  required_providers {
    lanyard = { source = "lanyard/lanyard" }
  }
}
"#;

const TEAM: &str = r#"variable "name" {
  type = string
}

variable "tokens" {
  type = map(object({
    ttl    = optional(string, "90d")
    scopes = optional(set(string), [])
    users  = optional(set(string), [])
  }))

  validation {
    condition     = alltrue([for name in keys(var.tokens) : can(regex("^[a-z][a-z0-9-]*$", name))])
    error_message = "Names of tokens are lower case."
  }
}

locals {
  described = { for name, token in var.tokens : name => merge(token, {
    description = format("%s of %s, for %s", title(name), var.name, token.ttl)
  }) }
}

resource "lanyard_service_account" "team" {
  name        = var.name
  description = "Deploys what ${var.name} builds"
  roles       = ["viewer", "editor"]
}

resource "lanyard_access_token" "team" {
  for_each        = local.described
  name            = each.key
  description     = each.value.description
  service_account = lanyard_service_account.team.id
  ttl             = each.value.ttl
  scopes          = each.value.scopes

  rotation {
    before_expiry = "14d"
    grace_period  = "48h"
  }

  dynamic "visibility" {
    for_each = length(each.value.users) > 0 ? [each.value.users] : []
    content {
      level = "selected"
      users = visibility.value
    }
  }
}

output "tokens" {
  value     = { for name, token in lanyard_access_token.team : name => token.token }
  sensitive = true
}
"#;

const ROOT: &str = r#"locals {
  nodes = jsondecode(file("${path.module}/nodes.json"))
  teams = { for number, name in jsondecode(file("${path.module}/teams.json")) : name => {
    tokens = {
      ci      = { scopes = ["samples:read"] }
      deploy  = { ttl = "30d", scopes = ["samples:read"] }
      metrics = { users = ["u-${number}"] }
      traces  = {}
      logs    = {}
      alerts  = { ttl = number % 2 == 0 ? "60d" : "120d" }
      backup  = {}
      audit   = { scopes = [] }
      preview = { ttl = "21d" }
    }
  } }
}

module "team" {
  source   = "./team"
  for_each = local.teams
  name     = each.key
  tokens   = each.value.tokens
}

resource "lanyard_service_account" "fleet" {
  name  = "fleet"
  roles = ["viewer"]
}

resource "lanyard_access_token" "node" {
  for_each        = toset(local.nodes)
  name            = each.key
  service_account = lanyard_service_account.fleet.id
  ttl             = "90d"
}
"#;

const MEMBER: &str = r#"variable "name" {
  type = string
}

resource "lanyard_service_account" "team" {
  name        = var.name
  description = "Deploys what ${var.name} builds"
  roles       = ["viewer", "editor"]
}

resource "lanyard_access_token" "ci" {
  name            = "${var.name}-ci"
  service_account = lanyard_service_account.team.id
  ttl             = "90d"
  scopes          = ["samples:read"]

  rotation {
    before_expiry = "14d"
    grace_period  = "48h"
  }
}
"#;

const CALL: &str = r#"provider "lanyard" {}

module "team" {
  source   = "./team"
  for_each = toset(jsondecode(file("${path.module}/teams.json")))
  name     = each.key
}
"#;

/// Writes a configuration that calls one module so many times, for an account and a token each.
pub(crate) fn write_modules(folder: &Path, modules: usize) -> std::io::Result<()> {
    let module = folder.join("team");
    std::fs::create_dir_all(&module)?;
    std::fs::write(module.join("main.tf"), format!("{VERSIONS}\n{MEMBER}"))?;
    std::fs::write(folder.join("main.tf"), format!("{VERSIONS}\n{CALL}"))?;
    std::fs::write(folder.join("teams.json"), names("team", modules))
}

/// Writes a configuration of about so many resources; returns how many exactly.
pub(crate) fn write(folder: &Path, resources: usize) -> std::io::Result<usize> {
    let units = resources.div_ceil(UNIT).max(1);
    let module = folder.join("team");
    std::fs::create_dir_all(&module)?;
    std::fs::write(folder.join("versions.tf"), VERSIONS)?;
    std::fs::write(module.join("main.tf"), format!("{VERSIONS}\n{TEAM}"))?;
    std::fs::write(folder.join("main.tf"), ROOT)?;
    std::fs::write(folder.join("teams.json"), names("team", units))?;
    std::fs::write(folder.join("nodes.json"), names("node", units * 8 - 1))?;
    std::fs::write(folder.join("written.tf"), written(units))?;
    // Per unit 10 in a team's module, 8 of the fleet's `for_each` (the fleet's account is one of them), 2 written out.
    Ok(units * UNIT)
}

/// A list of names, as another tool would have written it.
fn names(prefix: &str, count: usize) -> String {
    let names: Vec<String> = (0..count)
        .map(|number| format!("{:?}", format!("{prefix}-{number:06}")))
        .collect();
    format!("[{}]\n", names.join(","))
}

fn written(units: usize) -> String {
    let mut text = String::new();
    for number in 0..units {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            r#"resource "lanyard_service_account" "app_{number}" {{
  name        = "app-{number}"
  description = "Written out, as most people do"
  roles       = ["viewer"]
}}

resource "lanyard_access_token" "app_{number}" {{
  name            = "app-{number}"
  service_account = lanyard_service_account.app_{number}.id
  ttl             = "90d"

  rotation {{
    before_expiry = "14d"
  }}
}}
"#
        );
    }
    text
}
