resource "lanyard_service_account" "deploy" {
  name        = "deploy"
  description = "Deploys the shop from the pipeline"
  roles       = ["editor"]
}

# Reads and writes only what carries both labels.
resource "lanyard_service_account" "berlin" {
  name  = "berlin"
  roles = ["editor"]

  restriction {
    permission = "READ_AND_WRITE"
    labels = {
      team = "shop"
      site = "berlin"
    }
  }
}
