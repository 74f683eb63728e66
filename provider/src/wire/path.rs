//! AttributePath -> tfplugin5.

use lanyard_compiler::value::{AttributePath, Step};

use super::{Field, WireShape};
use crate::generated::tfplugin5 as wire;
use wire::attribute_path::step::Selector;

/// The path for Terraform. Elements of sets have no address, so where the shape is known the path ends at the set.
pub fn attribute_path(path: &AttributePath, shape: Option<&WireShape>) -> wire::AttributePath {
    let mut steps = Vec::with_capacity(path.steps().len());
    let mut place = shape;
    for step in path.steps() {
        if matches!(place, Some(WireShape::Set(_))) {
            break;
        }
        steps.push(wire::attribute_path::Step {
            selector: Some(match step {
                Step::Attribute(name) => Selector::AttributeName(name.clone()),
                Step::Key(key) => Selector::ElementKeyString(key.clone()),
                Step::Index(index) => {
                    Selector::ElementKeyInt(i64::try_from(*index).unwrap_or(i64::MAX))
                }
            }),
        });
        place = place.and_then(|shape| inside(shape, step));
    }
    wire::AttributePath { steps }
}

fn inside<'a>(shape: &'a WireShape, step: &Step) -> Option<&'a WireShape> {
    match (shape, step) {
        (WireShape::Object(fields), Step::Attribute(name)) => field(fields, name),
        // Behind the index of repeated blocks comes the name, so the index itself does not lead further in.
        (WireShape::Blocks(_), Step::Index(_)) => Some(shape),
        (WireShape::Blocks(fields), Step::Attribute(name)) => field(fields, name),
        (WireShape::List(item), Step::Index(_)) | (WireShape::Map(item), Step::Key(_)) => {
            Some(item)
        }
        _ => None,
    }
}

fn field<'a>(fields: &'a [Field], name: &str) -> Option<&'a WireShape> {
    fields
        .iter()
        .find(|field| field.name == name)
        .map(|field| &field.shape)
}
