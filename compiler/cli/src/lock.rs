//! One apply at a time per configuration: a lock that the operating system releases even when we are killed.

use std::fs::{File, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

/// Held as long as it lives.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of the working folder `folder`, or says who holds it.
    pub(crate) fn take(folder: &Path) -> Result<Self, String> {
        let path = folder.join("lock");
        let told = |error: std::io::Error| format!("{} cannot be locked: {error}", path.display());
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(told)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Who it is helps, but is not worth another error.
                let _ = file.read_to_string(&mut holder);
                return Err(format!(
                    "another apply is running here{}: wait for it, or end it",
                    match holder.trim() {
                        "" => String::new(),
                        holder => format!(" (process {holder})"),
                    }
                ));
            }
            Err(TryLockError::Error(error)) => return Err(told(error)),
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .map_err(told)?;
        Ok(Self { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_apply_is_told_who_holds_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let lock = Lock::take(folder.path()).unwrap();
        let refusal = Lock::take(folder.path()).unwrap_err();
        assert!(
            refusal.contains(&std::process::id().to_string()),
            "{refusal}"
        );
        drop(lock);
        Lock::take(folder.path()).unwrap();
    }
}
