//! What a panic says: its place, and never its message unless that is a fixed text, because a message may quote a secret.

use std::io::{self, Write as _};
use std::panic::{self, PanicHookInfo};

use lanyard_compiler::secret::fixed_message;

/// Makes panics report themselves on stderr.
pub(crate) fn install() {
    panic::set_hook(Box::new(|info| {
        // There is nobody left to tell.
        let _ = io::stderr().lock().write_all(report(info).as_bytes());
    }));
}

fn report(info: &PanicHookInfo<'_>) -> String {
    let place = info.location().map_or_else(
        || "an unknown place".to_owned(),
        |location| format!("{}:{}", location.file(), location.line()),
    );
    let message = fixed_message(info);
    format!(
        "error: lanyard failed by a mistake of its own, at {place} ({message})\n\
         hint: please report this with the command that you ran; after an apply, apply again: it goes on from here\n"
    )
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn a_panic_tells_its_place_and_no_secret() {
        thread_local! {
            static REPORT: RefCell<String> = const { RefCell::new(String::new()) };
        }
        let usual = panic::take_hook();
        panic::set_hook(Box::new(|info| REPORT.set(report(info))));
        let token = "tok_hunter2";
        panic::catch_unwind(|| panic!("the token is {token}")).unwrap_err();
        let formatted = REPORT.take();
        panic::catch_unwind(|| panic!("a fixed text")).unwrap_err();
        let fixed = REPORT.take();
        panic::set_hook(usual);

        assert!(formatted.contains("crash.rs:"), "{formatted}");
        assert!(!formatted.contains("hunter2"), "{formatted}");
        assert!(fixed.contains("(a fixed text)"), "{fixed}");
    }
}
