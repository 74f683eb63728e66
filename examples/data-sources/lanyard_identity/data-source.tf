# Who the provider's own credential is: stops a plan that would run with the wrong one.
data "lanyard_identity" "me" {
  lifecycle {
    postcondition {
      condition     = self.kind == "operator" || contains(self.roles, "admin")
      error_message = "Managing credentials needs the role admin."
    }
  }
}

output "signed_in_as" {
  value = data.lanyard_identity.me.name
}
