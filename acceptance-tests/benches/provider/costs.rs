//! What a schema costs Terraform itself: one thing at a time is added to a resource that has a name and ten attributes that are null, and
//! what Terraform used beyond that is shared out. Processor seconds of Terraform alone; medians of rounds in which all take turns.

use std::collections::BTreeMap;

use crate::beside::OURS;
use crate::terraform::{Terraform, mirror};

/// The shape of the provider that does nothing; set, it makes this program that provider.
pub(crate) const SHAPE: &str = "LANYARD_BENCH_SHAPE";
pub(crate) const RESOURCES: usize = 400;
/// Another number as the second argument.
pub(crate) const ROUNDS: usize = 5;

/// What is added, to what, and how often.
struct Row {
    what: &'static str,
    with: &'static str,
    without: &'static str,
    times: f64,
}

const BASE: &str = "nulls=10";

#[rustfmt::skip]
const ROWS: [Row; 16] = [
    row("an optional text that is null", "nulls=50", BASE, 40.0),
    row("a computed text of 10 letters", "nulls=10 texts=20", BASE, 20.0),
    row("a computed list of one text", "nulls=10 lists=20", BASE, 20.0),
    row("a computed set of one text", "nulls=10 sets=20", BASE, 20.0),
    row("being sensitive, of a text that is null", "nulls=10 secrets=20", "nulls=30", 20.0),
    row("a block of one attribute, absent", "nulls=10 blocks=20 leaves=1", BASE, 20.0),
    row("one more attribute in it", "nulls=10 blocks=1 leaves=41", "nulls=10 blocks=1 leaves=1", 40.0),
    row("a repeated block of one attribute, absent", "nulls=10 repeated=20 leaves=1", BASE, 20.0),
    row("one more attribute in it", "nulls=10 repeated=1 leaves=41", "nulls=10 repeated=1 leaves=1", 40.0),
    row("a computed list of objects, empty", "nulls=10 keys=1", BASE, 1.0),
    row("one more key in them", "nulls=10 keys=41", "nulls=10 keys=1", 40.0),
    row("100 more letters in a computed text", "nulls=10 bytes=2010", "nulls=10 bytes=10", 20.0),
    row("100 bytes of private data", "nulls=10 private=2000", BASE, 20.0),
    row("an identity", "nulls=10 identity=1", BASE, 1.0),
    row("a warning", "nulls=10 warnings=1", BASE, 1.0),
    row("20,000 letters of documentation", "nulls=10 documentation=1667", BASE, 1.0),
];

const fn row(what: &'static str, with: &'static str, without: &'static str, times: f64) -> Row {
    Row {
        what,
        with,
        without,
        times,
    }
}

const OPERATIONS: [(&str, &[&str]); 4] = [
    ("plan to create", &["plan"]),
    ("apply", &["apply", "-auto-approve"]),
    ("no-change plan", &["plan", "-detailed-exitcode"]),
    ("destroy", &["destroy", "-auto-approve"]),
];

pub(crate) fn table(count: usize, rounds: usize) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let root = folder.path();
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let settings = mirror(root, &[OURS])?;
    let terraform = Terraform {
        root,
        settings: &settings,
        provider: &own,
    };
    let place = terraform.folder("stub", &things(count))?;
    // Shape to the seconds of each round, by operation.
    let mut seconds: BTreeMap<&str, [Vec<f64>; 4]> = BTreeMap::new();
    let mut bytes: BTreeMap<&str, f64> = BTreeMap::new();
    let shapes: Vec<&str> = ROWS
        .iter()
        .flat_map(|row| [row.with, row.without])
        .collect();
    for round in 0..rounds {
        for shape in &shapes {
            if seconds
                .get(shape)
                .is_some_and(|spent| spent[3].len() > round)
            {
                continue;
            }
            let all = seconds.entry(shape).or_default();
            for ((_, arguments), spent) in OPERATIONS.iter().zip(all) {
                spent.push(terraform.run(&place, &[(SHAPE, shape)], arguments)?.core);
                let state = place.join("terraform.tfstate");
                let size = std::fs::metadata(state).map_or(0.0, |state| state.len() as f64);
                let most = bytes.entry(shape).or_default();
                *most = most.max(size / count as f64);
            }
        }
    }
    let median = |shape: &str, operation: usize| {
        let mut rounds = seconds
            .get(shape)
            .map_or_else(Vec::new, |all| all[operation].clone());
        rounds.sort_by(f64::total_cmp);
        rounds.get(rounds.len() / 2).copied().unwrap_or(f64::NAN)
    };
    println!(
        "| milliseconds of Terraform's for {count} resources | plan to create | apply | no-change plan | destroy | bytes of state |"
    );
    println!("|---|---|---|---|---|---|");
    let print = |what: &str, figure: &dyn Fn(usize) -> f64, state: f64| {
        let figures: Vec<String> = (0..4)
            .map(|operation| format!("{:.1}", figure(operation) * 1e3))
            .collect();
        println!("| {what} | {} | {state:.0} |", figures.join(" | "));
    };
    let state = |shape: &str| bytes.get(shape).copied().unwrap_or(f64::NAN);
    print(
        "a name, an id, and 10 texts that are null",
        &|operation| median(BASE, operation),
        state(BASE),
    );
    for Row {
        what,
        with,
        without,
        times,
    } in ROWS
    {
        print(
            what,
            &|operation| (median(with, operation) - median(without, operation)) / times,
            (state(with) - state(without)) / times,
        );
    }
    Ok(())
}

fn things(count: usize) -> String {
    format!(
        "terraform {{\n  required_providers {{\n    stub = {{ source = \"lanyard/lanyard\" }}\n  }}\n}}\n\n\
         resource \"stub_thing\" \"many\" {{\n  count = {count}\n  name  = \"thing-${{count.index}}\"\n}}\n"
    )
}
