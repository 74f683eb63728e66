resource "lanyard_service_account" "account" {
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[missing-attribute]: The argument "name" is required, but no definition was found.
  nme   = "ci"
# ^^^ error[unknown-attribute]: An argument named "nme" is not expected here.
# hint: did you mean "name"?
  roles = "reader"
#         ^^^^^^^^ error[wrong-type]: Inappropriate value for attribute "roles": set of string required, but have string.
}

resource "lanyard_access_token" "wrong_types" {
  name     = ["a"]
#            ^^^^^ error[wrong-type]: Inappropriate value for attribute "name": string required, but have tuple.
  ttl      = { a = 1 }
#            ^^^^^^^^^ error[wrong-type]: Inappropriate value for attribute "ttl": string required, but have object.
  disabled = "maybe"
#            ^^^^^^^ error[wrong-type]: Inappropriate value for attribute "disabled": a bool is required.
  token    = "mine"
# ^^^^^ error[computed-attribute]: The attribute "token" is decided by the server; the configuration cannot set it.
  roles    = [{ a = 1 }]
#            ^^^^^^^^^^^ error[wrong-type]: Inappropriate value for attribute "roles": [0]: string required, but have object.
}

resource "lanyard_access_token" "blocks" {
  name = "x"
  rotation {
    before_expiry = "7d"
    grace         = "1d"
#   ^^^^^ error[unknown-attribute]: An argument named "grace" is not expected here.
  }
  rotation {
# ^^^^^^^^ error[too-many-blocks]: No more than 1 "rotation" block is allowed.
    before_expiry = "7d"
  }
  rotate {
# ^^^^^^ error[unknown-block]: Blocks of type "rotate" are not expected here.
# hint: did you mean "rotation"?
  }
  ttl {
# ^^^ error[unknown-block]: Blocks of type "ttl" are not expected here.
# hint: "ttl" is an argument: write `ttl = …`
  }
  visibility {
    level = "someone"
#           ^^^^^^^^^ error[invalid-value]: "someone" is not a value for "level"; it takes admins, selected, everyone.
  }
  limits = {}
# ^^^^^^ error[unknown-attribute]: An argument named "limits" is not expected here.
# hint: "limits" is a block: write `limits { … }` without the equals sign
}

resource "lanyard_acess_token" "type" {
#        ^^^^^^^^^^^^^^^^^^^^^ error[unknown-resource-type]: Lanyard's provider has no resource type "lanyard_acess_token".
#        hint: did you mean "lanyard_access_token"?
  name = "x"
}

data "lanyard_identiy" "type" {
#    ^^^^^^^^^^^^^^^^^ error[unknown-resource-type]: Lanyard's provider has no data source "lanyard_identiy".
#    hint: did you mean "lanyard_identity"?
}

resource "lanyard_access_token" "dynamic" {
  name = "x"
  dynamic "alert" {
    for_each = "text"
#              ^^^^^^ error[invalid-for-each]: Cannot use a string value in for_each. An iterable collection is required.
    content {
      nope = alert.value
    }
  }
  dynamic "rotation" {
# ^^^^^^^^^^^^^^^^^^ error[missing-block]: A dynamic block needs the argument "for_each".
    content {
    }
  }
}

resource "lanyard_access_token" "meta" {
  name     = "x"
  count    = 1
  for_each = {}
# ^^^^^^^^ error[count-and-for-each]: The "count" and "for_each" meta-arguments are mutually exclusive: only one may be used.
  provider = lanyard.eu
#            ^^^^^^^^^^ error[missing-provider]: There is no configuration of the provider "lanyard" with the alias "eu" in this module, and none is passed to it.
  lifecycle {
    prevent_destory = true
#   ^^^^^^^^^^^^^^^ error[unknown-attribute]: An argument named "prevent_destory" is not expected here.
#   hint: did you mean "prevent_destroy"?
  }
}

provider "lanyard" {
  urll  = "https://example.com"
# ^^^^ error[unknown-attribute]: An argument named "urll" is not expected here.
# hint: did you mean "url"?
  alias = "us"
}
