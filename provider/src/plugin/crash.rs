//! What a panic says: its place, and never its message unless that is a fixed text, because a message may quote a secret.

use std::cell::RefCell;
use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};

use lanyard_compiler::secret::fixed_message;

thread_local! {
    static LAST_PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Where this thread panicked last: `FILE:LINE`.
pub fn last_place() -> Option<String> {
    LAST_PLACE.with_borrow(Clone::clone)
}

/// Makes panics report themselves on stderr in the form that Terraform recognises and shows.
pub fn install() {
    panic::set_hook(Box::new(|info| {
        let report = report(info);
        // There is nobody left to tell.
        let _ = io::stderr().lock().write_all(report.as_bytes());
    }));
}

fn report(info: &PanicHookInfo<'_>) -> String {
    let place = info
        .location()
        .map(|location| format!("{}:{}", location.file(), location.line()));
    LAST_PLACE.set(place.clone());
    let place = place.unwrap_or_else(|| "an unknown place".to_owned());
    let message = fixed_message(info);
    format!("panic: {message}\n\nlanyard crashed at {place}\n")
}

#[cfg(test)]
mod tests {
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

        assert!(formatted.starts_with("panic: "), "{formatted}");
        assert!(formatted.contains("crash.rs:"), "{formatted}");
        assert!(!formatted.contains("hunter2"), "{formatted}");
        assert!(fixed.starts_with("panic: a fixed text\n"), "{fixed}");
        assert!(last_place().unwrap().contains("crash.rs:"));
    }
}
