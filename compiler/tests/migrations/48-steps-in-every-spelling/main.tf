terraform {
  required_providers {
    signalfx = {
      source = "splunk-terraform/signalfx"
    }
  }
}

variable "key" {
  type    = string
  default = "a"
}

resource "signalfx_org_token" "each" {
  for_each    = toset(["a", "b"])
  name        = each.key
  auth_scopes = ["INGEST"]
}

resource "signalfx_org_token" "counted" {
  count       = 2
  name        = "n${count.index}"
  auth_scopes = ["API"]
}

locals {
  by_key    = signalfx_org_token.each["a"].secret
  by_index  = (signalfx_org_token.counted)[0].secret
  by_name   = signalfx_org_token.each[var.key].secret
  splat     = signalfx_org_token.counted.*.secret
  one       = one(signalfx_org_token.counted[*].secret)
  old_style = "${signalfx_org_token.counted.0.secret}"
  nested    = { for key, token in signalfx_org_token.each : key => { secret = token.secret, name = token.name } if key != "x" }
  flat      = flatten([for token in signalfx_org_token.counted : [token.secret]])
  tried     = try(signalfx_org_token.each["c"].secret, null)
  values    = values(signalfx_org_token.each)[*].secret
  count     = length(signalfx_org_token.each) + length(keys(signalfx_org_token.each))
}
