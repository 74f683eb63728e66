//! Calls of Terraform to the provider, with a value where another was expected: none may stop the process, nor end in the answer
//! that a crash is turned into.

use std::sync::LazyLock;

use lanyard_compiler::model::Kind;
use lanyard_compiler::model::facts;
use lanyard_compiler::value::Value;
use lanyard_provider::generated::tfplugin5 as wire;
use lanyard_provider::generated::tfplugin5::provider_server::Provider as _;
use lanyard_provider::resources::provider;
use lanyard_provider::rpc::Service;
use lanyard_provider::wire::{Unknowns, WireShape, encode};
use tokio::runtime::{Builder, Runtime};
use tonic::Request;

use super::{Target, wire as values};

/// Which call, and in which of its places the input stands.
const CALLS: u8 = 14;

pub(crate) fn provider_calls() -> Target {
    Target {
        name: "provider_calls",
        seeds: || {
            let values = (values::wire_values().seeds)();
            let states = (values::stored_states().seeds)();
            let of = |call: u8, value: &[u8]| [&[call], value].concat();
            let calls =
                (0..CALLS - 2).flat_map(|call| values.iter().map(move |value| of(call, value)));
            let upgrades =
                (CALLS - 2..CALLS).flat_map(|call| states.iter().map(move |state| of(call, state)));
            calls.chain(upgrades).collect()
        },
        words: &[
            "\u{0}",
            "name",
            "rotation",
            "triggers",
            "90d",
            "until_first_use",
            "native",
            "https://[::1]:99999/?",
            "READ",
            "2026-11-22T10:00:00Z",
        ],
        check: |input| {
            let Some((call, value)) = input.split_first() else {
                return;
            };
            RUNTIME.block_on(call_with(call % CALLS, value));
        },
    }
}

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_time().build().unwrap());

async fn call_with(call: u8, value: &[u8]) {
    let service = Service::new(provider());
    let hostile = Some(wire::DynamicValue {
        msgpack: value.to_vec().into(),
        json: Default::default(),
    });
    let kind = Kind::ALL[usize::from(call % 2)];
    let type_name = kind.type_name().to_owned();
    let right = |name: &str, unknown: &str| {
        let mut all = facts::schema(kind).body.empty();
        all.insert("name".to_owned(), name.into());
        all.insert(
            "id".to_owned(),
            match unknown {
                "id" => Value::Unknown,
                _ => "x_1".into(),
            },
        );
        let shape = WireShape::of_body(&facts::schema(kind).body);
        Some(wire::DynamicValue {
            msgpack: encode(&Value::Map(all), &shape, Unknowns::Kept)
                .bytes
                .into(),
            json: Default::default(),
        })
    };
    let plan = |prior, proposed, config| wire::plan_resource_change::Request {
        type_name: type_name.clone(),
        prior_state: prior,
        proposed_new_state: proposed,
        config,
        ..Default::default()
    };
    let null = || {
        Some(wire::DynamicValue {
            msgpack: vec![0xc0].into(),
            json: Default::default(),
        })
    };
    let planned = |request| async {
        let answer = service.plan_resource_change(Request::new(request)).await;
        answer.unwrap().into_inner().diagnostics
    };
    let told = match call {
        0 | 1 => planned(plan(null(), hostile.clone(), hostile)).await,
        2 | 3 => planned(plan(hostile, right("a", ""), right("a", "id"))).await,
        4 | 5 => planned(plan(right("b", ""), right("a", ""), hostile)).await,
        6 | 7 => planned(plan(hostile, null(), null())).await,
        8 | 9 => {
            let request = wire::validate_resource_type_config::Request {
                type_name: type_name.clone(),
                config: hostile,
                ..Default::default()
            };
            let answer = service
                .validate_resource_type_config(Request::new(request))
                .await;
            answer.unwrap().into_inner().diagnostics
        }
        10 => {
            let request = wire::prepare_provider_config::Request { config: hostile };
            let answer = service.prepare_provider_config(Request::new(request)).await;
            answer.unwrap().into_inner().diagnostics
        }
        11 => {
            for name in ["duration_seconds", "duration_hours", "authorization_header"] {
                let request = wire::call_function::Request {
                    name: name.to_owned(),
                    arguments: hostile.iter().cloned().collect(),
                };
                let answer = service.call_function(Request::new(request)).await;
                let error = answer.unwrap().into_inner().error.unwrap_or_default();
                assert!(!error.text.contains("crashed"), "{}", error.text);
            }
            Vec::new()
        }
        _ => {
            let request = wire::upgrade_resource_state::Request {
                type_name: type_name.clone(),
                version: 0,
                raw_state: Some(wire::RawState {
                    json: value.to_vec().into(),
                    ..Default::default()
                }),
            };
            let answer = service.upgrade_resource_state(Request::new(request)).await;
            answer.unwrap().into_inner().diagnostics
        }
    };
    for problem in told {
        assert!(!problem.summary.contains("crashed"), "{}", problem.detail);
    }
}
