server "native" {
  api = "native"
# ^^^ error[unknown-attribute]: The API stands in the label of the server block, not among its arguments.
  url = "https://tokens.example.com"
}

servce_account "a" {
# ^^^^^^^^^^^^ error[unknown-block]: Blocks of type "servce_account" are not expected in a Lanyard document.
# hint: did you mean "service_account"?
  name = "a"
}

lanyard_service_account "b" {
# ^^^^^^^^^^^^^^^^^^^^^ error[unknown-block]: Blocks of type "lanyard_service_account" are not expected in a Lanyard document.
# hint: write "service_account": documents leave the prefix out
  name = "b"
}

resource "lanyard_service_account" "c" {
# ^^^^^^ error[unknown-block]: Blocks of type "resource" are not expected in a Lanyard document.
# hint: Terraform's own blocks belong into a .tf file
  name = "c"
}

access_token "d" {
  name            = "d"
  service_account = service_account.e.id
#                   ^^^^^^^^^^^^^^^^^^^^ error[undeclared-reference]: Resource "lanyard_service_account" "e" has not been declared in this module.
  server          = server.eu
#                   ^^^^^^^^^ error[missing-provider]: No `server` block has the alias "eu".
}

service_account "f" {
# ^^^^^^^^^^^^^^^^^ error[missing-attribute]: The argument "name" is required, but no definition was found.
}

service_account "g" {
  name   = "g"
  server = "eu"
#          ^^^^ error[invalid-provider]: The argument `server` names a server of this document by its alias, such as server.eu.
}
