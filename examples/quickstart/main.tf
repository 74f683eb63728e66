# A service account, an access token for it, and something that uses the token. `cargo demo` applies this folder.

terraform {
  required_version = ">= 1.5"

  required_providers {
    lanyard = {
      source  = "lanyard/lanyard"
      version = "~> 0.1"
    }
  }
}

# Where the token server is, and who we are there, comes from the environment: LANYARD_URL and LANYARD_TOKEN.
provider "lanyard" {}

resource "lanyard_service_account" "deploy" {
  name        = "deploy"
  description = "Deploys the shop from the pipeline"
  roles       = ["viewer"]
}

resource "lanyard_access_token" "ci" {
  name            = "ci"
  service_account = lanyard_service_account.deploy.id
  ttl             = "90d"

  # From two weeks before its end on, the next apply replaces the secret. The old one works for two more days.
  rotation {
    before_expiry = "14d"
    grace_period  = "48h"
  }
}

# Stands for whatever needs the token: a pipeline's secret, a Kubernetes secret, a file. It follows every rotation in the same apply.
# A hash is enough to notice: terraform_data would log what it is given, and repeat its `input`, readable, in `output`.
resource "terraform_data" "pipeline" {
  triggers_replace = sha256(lanyard_access_token.ci.token)
}

output "token_ends" {
  description = "When the secret ends, unless it is rotated before."
  value       = lanyard_access_token.ci.expires_at
}
