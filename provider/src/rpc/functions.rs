//! Calling a function. Works without any settings.

use lanyard_compiler::diagnostic::{Code, Diagnostic, has_errors};

use super::Service;
use super::call::{Answer, Refuse};
use super::value;
use crate::generated::tfplugin5 as wire;
use crate::wire::{Unknowns, WireShape};
use wire::call_function;

impl Refuse for call_function::Request {
    type Response = call_function::Response;

    fn refusal(&self) -> call_function::Response {
        call_function::Response::default()
    }

    fn complain(response: &mut call_function::Response, problems: Vec<wire::Diagnostic>) {
        let texts = problems.iter().map(|problem| match &*problem.detail {
            "" => problem.summary.clone(),
            detail => format!("{}: {detail}", problem.summary),
        });
        response.error = Some(wire::FunctionError {
            text: texts.collect::<Vec<_>>().join("\n"),
            function_argument: None,
        });
    }
}

pub(super) async fn call(
    service: Service,
    request: call_function::Request,
) -> Answer<call_function::Response> {
    let Some(function) = service.catalogs.functions.get(request.name.as_str()) else {
        return Err(vec![
            Diagnostic::error(Code::UnknownFunction, "Lanyard does not know this function")
                .detail(format!("There is no function {:?}.", request.name)),
        ]);
    };
    let signature = function.signature();
    let wanted = signature.parameters.len();
    if request.arguments.len() < wanted
        || (request.arguments.len() > wanted && signature.variadic.is_none())
    {
        return Err(vec![
            Diagnostic::error(Code::ArgumentCount, "Wrong number of arguments").detail(format!(
                "{} takes {wanted} and got {}.",
                request.name,
                request.arguments.len()
            )),
        ]);
    }
    let parameters = signature
        .parameters
        .iter()
        .chain(signature.variadic.iter().cycle());
    let arguments = request
        .arguments
        .into_iter()
        .zip(parameters)
        .map(|(argument, parameter)| {
            value::received(Some(argument), &WireShape::of_type(&parameter.kind, false))
        })
        .collect::<Answer<Vec<_>>>()?;
    match function.call(arguments) {
        Ok(result) => {
            let shape = WireShape::of_type(&signature.returns, false);
            let mut problems = Vec::new();
            let result = value::sent(&result, &shape, Unknowns::Kept, &mut problems);
            if has_errors(&problems) {
                return Err(problems);
            }
            Ok(call_function::Response {
                result,
                error: None,
            })
        }
        Err(error) => Ok(call_function::Response {
            result: None,
            error: Some(wire::FunctionError {
                text: error.text,
                function_argument: error
                    .argument
                    .and_then(|position| i64::try_from(position).ok()),
            }),
        }),
    }
}
