//! `--var` and `--var-file`, in the order in which they are given: of two values for one variable the later counts, as with Terraform.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches, value_parser};

const VALUE: &str = "var";
const FILE: &str = "var-file";

/// What is said of input variables, in its order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Variables(pub(crate) Vec<Variable>);

#[derive(Clone, Debug)]
pub(crate) enum Variable {
    /// `NAME=VALUE`
    Value(String),
    File(PathBuf),
}

impl Args for Variables {
    fn augment_args(command: Command) -> Command {
        command
            .arg(
                Arg::new(VALUE)
                    .long(VALUE)
                    .value_name("NAME=VALUE")
                    .allow_hyphen_values(true)
                    .action(ArgAction::Append)
                    .help("Sets an input variable; may be given again"),
            )
            .arg(
                Arg::new(FILE)
                    .long(FILE)
                    .value_name("FILE")
                    .value_parser(value_parser!(PathBuf))
                    .action(ArgAction::Append)
                    .help(
                        "Sets the input variables that a file lists, beside terraform.tfvars and *.auto.tfvars; may be given \
                         again. Of two values for one variable the later on the command line counts",
                    ),
            )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Variables {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let values = placed(matches, VALUE, |text: &String| {
            Variable::Value(text.clone())
        });
        let files = placed(matches, FILE, |path: &PathBuf| Variable::File(path.clone()));
        let mut given: Vec<_> = values.into_iter().chain(files).collect();
        given.sort_by_key(|(place, _)| *place);
        Ok(Self(given.into_iter().map(|(_, one)| one).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The values of an option, each with its place on the command line.
fn placed<T: Clone + Send + Sync + 'static>(
    matches: &ArgMatches,
    name: &str,
    variable: impl Fn(&T) -> Variable,
) -> Vec<(usize, Variable)> {
    let places = matches.indices_of(name).into_iter().flatten();
    let values = matches.get_many::<T>(name).into_iter().flatten();
    places.zip(values.map(variable)).collect()
}
