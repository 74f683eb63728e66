terraform {
  backend "local" {}
}

terraform {
  required_version = "~> 1.9.0-rc1"
#                    ^^^^^^^^^^^^^^ error[invalid-version]: "~> 1.9.0-rc1" names a prerelease. Prereleases count as the version that they prepare: leave out what follows the dash.
  cloud {}
# ^^^^^ error[duplicate-block]: A module may say only once where its state is kept, and there is a backend block already.
}
