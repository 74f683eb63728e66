//! Terraform's own rules for planned and applied values, written from its documentation and behaviour: what breaks them stops
//! every plan with "Provider produced invalid plan".

use lanyard_compiler::model::facts;
use lanyard_compiler::model::kind::Kind;
use lanyard_compiler::model::schema::{Body, Nesting};
use lanyard_compiler::plan::{Action, PlannedResource};
use lanyard_compiler::value::Value;

/// Checks the planned value and the paths that force a replacement.
pub(crate) fn assert_plan_valid(kind: Kind, prior: &Value, config: &Value, plan: &PlannedResource) {
    if config.is_null() {
        assert!(plan.planned.is_null(), "a deletion plans something");
        return;
    }
    for path in &plan.requires_replace {
        assert!(
            prior.at(path).is_some() || plan.planned.at(path).is_some(),
            "{path} forces a replacement and exists nowhere"
        );
        let differs = prior.at(path) != plan.planned.at(path)
            || plan.planned.at(path).is_some_and(Value::is_unknown);
        assert!(differs, "{path} forces a replacement and does not differ");
    }
    // A replacement is planned as a creation.
    let prior = if plan.action == Action::Replace {
        &Value::Null
    } else {
        prior
    };
    body(
        &facts::schema(kind).body,
        prior,
        config,
        &plan.planned,
        kind.name(),
    );
    let idle = plan.planned == *prior && plan.planned.is_wholly_known();
    assert_eq!(plan.action == Action::NoOp, idle, "{:?}", plan.action);
}

fn body(body: &Body, prior: &Value, config: &Value, planned: &Value, path: &str) {
    assert!(
        planned.as_map().is_some(),
        "{path}: planned for absence but config wants existence"
    );
    let expected = body.attributes.len() + body.blocks.len();
    assert_eq!(
        planned
            .as_map()
            .expect("the test world is well formed")
            .len(),
        expected,
        "{path}: not the schema's shape"
    );
    for attribute in &body.attributes {
        let name = &attribute.name;
        let path = format!("{path}.{name}");
        let [prior, config, planned] = [prior, config, planned].map(|object| object.get(name));
        let kept = planned == prior && !prior.is_null() && !config.is_null();
        // `ignore_changes` can name a computed attribute: core leaves that to the provider.
        let free = attribute.is_computed() && (config.is_null() || !attribute.is_configurable());
        assert!(
            planned == config || kept || free,
            "{path}: planned value {planned:?} does not match config value {config:?} nor prior value {prior:?}"
        );
        assert!(
            attribute.is_configurable() || config.is_null() || config == prior,
            "{path}: the test configures it"
        );
    }
    for block in &body.blocks {
        let name = &block.name;
        let path = format!("{path}.{name}");
        let [prior, config, planned] = [prior, config, planned].map(|object| object.get(name));
        if config.is_unknown() || planned.is_unknown() {
            assert_eq!(planned, config, "{path}: unknown dynamic block");
            continue;
        }
        match block.nesting {
            Nesting::Single if config.is_null() => {
                assert!(planned.is_null(), "{path}: planned for existence");
            }
            Nesting::Single => self::body(&block.body, prior, config, planned, &path),
            Nesting::List => {
                let planned = planned.as_list().expect("a list of blocks is never null");
                let config = config.as_list().unwrap_or_default();
                assert_eq!(planned.len(), config.len(), "{path}: block count");
                for (index, (planned, config)) in planned.iter().zip(config).enumerate() {
                    let prior = prior
                        .as_list()
                        .and_then(|prior| prior.get(index))
                        .unwrap_or(&Value::Null);
                    self::body(
                        &block.body,
                        prior,
                        config,
                        planned,
                        &format!("{path}[{index}]"),
                    );
                }
            }
        }
    }
}

/// Checks an applied state against its plan.
pub(crate) fn assert_compatible(planned: &Value, actual: &Value) {
    assert!(actual.is_wholly_known(), "unknown after apply: {actual:?}");
    compatible(planned, actual, "");
}

fn compatible(planned: &Value, actual: &Value, path: &str) {
    match (planned, actual) {
        (Value::Unknown, _) => {}
        (Value::Map(planned), Value::Map(actual)) => {
            assert!(
                planned.keys().eq(actual.keys()),
                "{path}: {planned:?} has other keys than {actual:?}"
            );
            for (key, value) in planned {
                compatible(value, &actual[key], &format!("{path}.{key}"));
            }
        }
        (Value::List(planned), Value::List(actual)) => {
            assert_eq!(planned.len(), actual.len(), "{path}: length");
            for (index, (planned, actual)) in planned.iter().zip(actual).enumerate() {
                compatible(planned, actual, &format!("{path}[{index}]"));
            }
        }
        _ => assert_eq!(planned, actual, "{path}"),
    }
}
