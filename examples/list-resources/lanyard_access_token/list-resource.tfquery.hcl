# terraform query lists them; terraform query -generate-config-out=found.tf writes what imports them.
list "lanyard_access_token" "builds" {
  provider = lanyard

  # Of all accounts, if none is named.
  config {
    name_prefix = "build-"
  }
}
