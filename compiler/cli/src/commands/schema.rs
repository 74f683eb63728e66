//! `lanyard schema`: the JSON Schemas of what we read and write.

use crate::args::Schema;
use crate::console::{Console, Outcome};

pub(crate) fn run(arguments: &Schema, console: &Console) -> Outcome {
    console.result(&arguments.format.schema());
    Outcome::Done
}
