variable "team" {
  default = "core"
}

locals {
  names   = ["a"]
  account = lanyard_service_account.ci
}

resource "lanyard_service_account" "ci" {
  name = var.taem
#        ^^^^^^^^ error[undeclared-reference]: There is no input variable named "taem" in this module.
#        hint: did you mean "team"?
}

resource "lanyard_access_token" "ci" {
  name            = local.nmaes[0]
#                   ^^^^^^^^^^^^^^ error[undeclared-reference]: There is no local value named "nmaes" in this module.
#                   hint: did you mean "names"?
  service_account = lanyard_service_account.ic.id
#                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[undeclared-reference]: Resource "lanyard_service_account" "ic" has not been declared in this module.
#                   hint: did you mean lanyard_service_account.ci?
  description     = lanyard_service_acount.ci.id
#                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[undeclared-reference]: Resource "lanyard_service_acount" "ci" has not been declared in this module.
#                   hint: did you mean lanyard_service_account.ci?
  scopes          = lanyard_service_account.ci.scopse
#                                              ^^^^^^ error[unsupported-attribute]: This object does not have an attribute named "scopse".
  ttl             = ttl
#                   ^^^ error[invalid-reference]: A reference to a resource type must be followed by at least one attribute access, specifying the resource name.
#                   hint: if the text "ttl" is meant, put it in quotes
  roles           = team
#                   ^^^^ error[invalid-reference]: A reference to a resource type must be followed by at least one attribute access, specifying the resource name.
#                   hint: did you mean var.team?
}

resource "lanyard_access_token" "each" {
  name = each.key
#        ^^^^^^^^ error[invalid-reference]: The "each" object can be used only in blocks that set the "for_each" argument.
}

output "o" {
  value = module.none.token
#         ^^^^^^^^^^^^^^^^^ error[undeclared-reference]: There is no module named "none" in this module.
#         hint: declare it with a module block
}

output "data" {
  value = data.lanyard_identity.me.name
#         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[undeclared-reference]: Data resource "lanyard_identity" "me" has not been declared in this module.
}

output "local" {
  value = [for x in [] : local.account.nope]
}
