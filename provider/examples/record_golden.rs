//! Records what a real Terraform sends: runs the `terraform` on the PATH against the tests' small provider and writes the values
//! it was given to `tests/suite/golden/`. Run it after a change of the small provider, or to see what a newer Terraform sends:
//!
//!     cargo run -p terraform-provider-lanyard --example record_golden

#![expect(
    clippy::unwrap_used,
    reason = "a recording that cannot go on ends here"
)]

#[path = "../tests/suite/support/tiny.rs"]
mod tiny;

use std::convert::Infallible;
use std::fs;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::Command;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use lanyard_provider::generated::tfplugin5 as wire;
use lanyard_provider::generated::tfplugin5::provider_server::ProviderServer;
use lanyard_provider::plugin::{Application, Host};
use lanyard_provider::rpc::Service;
use lanyard_provider::wire::{WireShape, decode};
use prost::Message;
use prost::bytes::Bytes;
use tonic::body::Body;

const ADDRESS: &str = "registry.terraform.io/lanyard/tiny";

const CONFIGURATION: &str = r#"
terraform {
  required_providers {
    tiny = { source = "lanyard/tiny" }
  }
}

provider "tiny" {}

resource "terraform_data" "later" {
  input = "x"
}

resource "tiny_thing" "bare" {
  name = "bare"
}

resource "tiny_thing" "full" {
  name     = "full cafe\u0301"
  flag     = true
  amount   = 0.1
  colour   = "red"
  list     = ["b", "a", "b"]
  set      = ["b", "a", "b"]
  map      = { z = "1", a = "2" }
  kept     = "mine"
  password = "not really"
  once     = "write-only"

  single {
    size = 18446744073709551615
  }
  part {
    size = 1.5
    tags = ["y", "x"]
  }
  part {
    size = -40000
  }
}

resource "tiny_thing" "later" {
  name   = "later-${terraform_data.later.id}"
  list   = ["a", terraform_data.later.id]
  map    = { k = terraform_data.later.id }
  set    = terraform_data.later.output == "x" ? ["a"] : []
  colour = terraform_data.later.output == "x" ? "red" : "blue"

  dynamic "part" {
    for_each = terraform_data.later.output == "x" ? ["a"] : []
    content {
      size = 1
    }
  }
}
"#;

fn main() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/golden");
    for entry in fs::read_dir(&golden).unwrap() {
        fs::remove_file(entry.unwrap().path()).unwrap();
    }
    let provider = Recorder {
        service: Service::new(Arc::new(tiny::Tiny::default())),
        golden,
    };
    let host = Host::start(ADDRESS, 5, provider).unwrap();
    let workspace = tempfile::tempdir().unwrap();
    fs::write(workspace.path().join("main.tf"), CONFIGURATION).unwrap();
    for arguments in [
        &["init"][..],
        &["apply", "-auto-approve", "-input=false"],
        // Reads the stored state of the first run.
        &["plan", "-detailed-exitcode", "-input=false"],
    ] {
        let status = Command::new("terraform")
            .args(arguments)
            .current_dir(workspace.path())
            .env("TF_REATTACH_PROVIDERS", host.reattach())
            .status()
            .unwrap();
        assert!(status.success(), "terraform {arguments:?}");
    }
}

/// Serves the small provider and writes down what comes in.
struct Recorder {
    service: Service,
    golden: PathBuf,
}

impl Application for Recorder {
    type Calls = Recording;

    fn calls(&self) -> Recording {
        Recording {
            server: self.service.server(),
            golden: self.golden.clone(),
        }
    }

    fn stop(&self) {
        self.service.stop();
    }

    fn end(&self) -> impl Future<Output = ()> + Send {
        self.service.end()
    }
}

#[derive(Clone)]
struct Recording {
    server: ProviderServer<Service>,
    golden: PathBuf,
}

impl tonic::codegen::Service<Request<Incoming>> for Recording {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Incoming>) -> Self::Future {
        let Self { mut server, golden } = self.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await.unwrap().to_bytes();
            // One byte for the compression, four for the length.
            record(&golden, parts.uri.path(), body.slice(5..));
            let request = Request::from_parts(parts, Full::new(body));
            tonic::codegen::Service::call(&mut server, request).await
        })
    }
}

fn record(golden: &Path, path: &str, message: Bytes) {
    match path {
        "/tfplugin5.Provider/PlanResourceChange" => {
            let request = wire::plan_resource_change::Request::decode(message).unwrap();
            let config = request.config.unwrap().msgpack;
            if config.len() < 2 {
                return;
            }
            let shape = WireShape::of_body(&tiny::schema().body);
            let value = decode(&config, &shape).unwrap();
            // Planned before and after the unknown values are known, and again when nothing changes.
            let name = match value.get("name").as_str() {
                Some(name) => name.split([' ', '-']).next().unwrap().to_owned(),
                None => "unknown".to_owned(),
            };
            let stage = match &*request.prior_state.unwrap().msgpack {
                [0xc0] => "create",
                _ => "update",
            };
            let proposed = request.proposed_new_state.unwrap().msgpack;
            fs::write(
                golden.join(format!("{name}-{stage}-config.msgpack")),
                &config,
            )
            .unwrap();
            fs::write(
                golden.join(format!("{name}-{stage}-proposed.msgpack")),
                &proposed,
            )
            .unwrap();
        }
        "/tfplugin5.Provider/UpgradeResourceState" => {
            let request = wire::upgrade_resource_state::Request::decode(message).unwrap();
            let json = request.raw_state.unwrap().json;
            let state: serde_json::Value = serde_json::from_slice(&json).unwrap();
            let name = state["name"]
                .as_str()
                .unwrap()
                .split([' ', '-'])
                .next()
                .unwrap();
            fs::write(golden.join(format!("{name}-state.json")), &json).unwrap();
        }
        _ => {}
    }
}
