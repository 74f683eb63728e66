terraform {
  required_providers {
    signalfx     = { source = "splunk-terraform/signalfx" }
    chronosphere = { source = "chronosphereio/chronosphere" }
  }
}

provider "signalfx" {
  auth_token = "a"
}

provider "chronosphere" {
  org       = "acme"
  api_token = "b"
}

module "splunk" {
  source = "./splunk"
}

module "chronosphere" {
  source = "./chronosphere"
}

module "both" {
  source = "./both"
}
