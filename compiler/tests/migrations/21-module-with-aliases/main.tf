terraform {
  required_providers {
    signalfx = {
      source  = "splunk-terraform/signalfx"
      version = "~> 9.0"
    }
  }
}

provider "signalfx" {
  auth_token = "a"
}

provider "signalfx" {
  alias      = "eu"
  auth_token = "b"
}

module "us" {
  source = "./tokens"
}

module "eu" {
  source = "./tokens"
  providers = {
    signalfx = signalfx.eu
  }
}

module "both" {
  source    = "./both"
  providers = { signalfx.one = signalfx, signalfx.two = signalfx.eu }
}
