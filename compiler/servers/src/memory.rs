//! What becomes of secrets that are in memory when a process dies: nothing is written to disk.

/// No core dump of this process or of what it starts: its memory holds credentials, and a dump is a file that nobody asked for.
/// Called first thing by every process of ours that is about to hold one. Cannot be taken back. Where the system knows no such limit
/// (Windows), this does nothing.
pub fn forbid_core_dumps() {
    #[cfg(unix)]
    {
        use nix::sys::resource::{Resource, setrlimit};
        // A limit can always be lowered; if a sandbox forbids even that, the process is no worse off than before.
        if let Err(error) = setrlimit(Resource::RLIMIT_CORE, LIMIT, LIMIT) {
            tracing::debug!("core dumps could not be disabled: {error}");
        }
    }
}

/// Bytes of a core dump. Linux hands the dump to a program in spite of a limit of zero if `core_pattern` names one, and not if the
/// limit is one (core(5), and `fs/coredump.c` of Linux 6); no file comes of one byte either.
#[cfg(any(target_os = "linux", target_os = "android"))]
const LIMIT: u64 = 1;
#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
const LIMIT: u64 = 0;

#[cfg(all(test, unix))]
mod tests {
    use nix::sys::resource::{Resource, getrlimit};

    use super::*;

    #[test]
    fn a_process_with_secrets_leaves_no_core_dump() {
        forbid_core_dumps();
        assert_eq!(getrlimit(Resource::RLIMIT_CORE), Ok((LIMIT, LIMIT)));
    }
}
