run "named" {
  command = plan

  assert {
    condition     = signalfx_org_token.ci.name == "ci"
    error_message = "It is ${signalfx_org_token.ci.name}."
  }
}
