terraform { required_version = ">= 1.8" }
provider "signalfx" { auth_token = "t" }
resource "signalfx_org_token" "ci" { name = "ci" }
locals { secret = signalfx_org_token.ci.secret }
output "secret" { value = nonsensitive(sha256(local.secret)) }
