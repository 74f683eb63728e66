//! Small texts that people write: durations, points in time, and the policy of a configuration.

use lanyard_compiler::model::{GracePeriod, Lifetime};
use lanyard_compiler::policy::{FILE, Policy};
use lanyard_compiler::value::Number;

use super::{Target, seeds};

pub(crate) fn times() -> Target {
    Target {
        name: "times",
        seeds: || {
            seeds::texts(&[
                "90d",
                "1d12h",
                "2w3d4h5m6s",
                "until_first_use",
                "0s",
                "2026-11-22T10:00:00Z",
                "2026-11-22T10:00:00.123456789+02:00",
                "1e400",
                "-0.000001",
                "123456789012345678901234567890.5",
            ])
        },
        words: &[
            "d",
            "h",
            "w",
            "s",
            "ms",
            "T",
            "Z",
            "+14:00",
            "-00:00",
            "9999",
            "999999999999",
            "24:60:61",
            "e",
            "E+",
            ".",
            "µ",
            "é",
        ],
        check: |input| {
            let Ok(text) = std::str::from_utf8(input) else {
                return;
            };
            if let Ok(lifetime) = Lifetime::parse(text) {
                assert_eq!(Lifetime::parse(&lifetime.to_string()), Ok(lifetime));
            }
            if let Ok(grace) = GracePeriod::parse(text) {
                assert_eq!(GracePeriod::parse(&grace.to_string()), Ok(grace));
            }
            if let Some(number) = Number::parse(text) {
                assert_eq!(Number::parse(&number.to_string()), Some(number));
            }
        },
    }
}

pub(crate) fn policies() -> Target {
    Target {
        name: "policies",
        seeds: || {
            seeds::texts(&[
                "[guard]\ndeletions = 25\npercent   = 30\nfloor     = 5\n",
                "",
                "[guard]\n",
            ])
        },
        words: &[
            "[guard]",
            "[[guard]]",
            "deletions",
            "percent",
            "floor",
            "= 101",
            "= -1",
            "= 1_000",
            "= 0x1F",
            "= \"\"\"",
            "guard.percent",
            "{",
            "#",
        ],
        check: |input| {
            let Ok(text) = std::str::from_utf8(input) else {
                return;
            };
            for problem in Policy::parse(FILE, text).err().into_iter().flatten() {
                let span = problem.span.expect("what is wrong stands somewhere");
                assert!(
                    text.get(span.range.clone()).is_some(),
                    "{:?} is outside of the file",
                    span.range
                );
            }
        },
    }
}
