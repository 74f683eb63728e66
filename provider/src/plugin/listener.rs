//! Where the plugin listens: a socket file, or a port of this machine where there are none or its path would be too long.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
#[cfg(unix)]
use std::path::PathBuf;

use super::Launch;

/// A bound listener. Its socket file disappears with it.
pub(super) enum Listener {
    #[cfg(unix)]
    Socket(std::os::unix::net::UnixListener, SocketFile),
    Port(TcpListener),
}

impl Listener {
    pub(super) fn bind(launch: &Launch) -> io::Result<Self> {
        #[cfg(unix)]
        match bind_socket(launch) {
            Ok((socket, file)) => return Ok(Self::Socket(socket, file)),
            // The path is longer than the operating system allows, or nobody asked for a file and there is no place for one.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput || !is_asked_for(launch) => {}
            Err(error) => return Err(error),
        }
        bind_port(launch).map(Self::Port)
    }

    pub(super) fn network(&self) -> &'static str {
        match self {
            #[cfg(unix)]
            Self::Socket(..) => "unix",
            Self::Port(_) => "tcp",
        }
    }

    pub(super) fn address(&self) -> String {
        match self {
            #[cfg(unix)]
            Self::Socket(_, file) => file.0.to_string_lossy().into_owned(),
            Self::Port(port) => port
                .local_addr()
                .map(|address| address.to_string())
                .unwrap_or_default(),
        }
    }
}

/// Removes the socket file when dropped.
#[cfg(unix)]
pub(super) struct SocketFile(PathBuf);

#[cfg(unix)]
impl Drop for SocketFile {
    fn drop(&mut self) {
        // Somebody may have tidied up before us.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// True if the core says where the file is to be, or whose.
#[cfg(unix)]
fn is_asked_for(launch: &Launch) -> bool {
    launch.socket_directory.is_some() || launch.socket_group.is_some()
}

#[cfg(unix)]
fn bind_socket(launch: &Launch) -> io::Result<(std::os::unix::net::UnixListener, SocketFile)> {
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt, chown};
    use std::os::unix::net::UnixListener;

    let directory = launch
        .socket_directory
        .clone()
        .unwrap_or_else(std::env::temp_dir);
    for attempt in 0..100_u32 {
        let path = directory.join(format!("plugin{}-{attempt}", random()));
        let socket = match UnixListener::bind(&path) {
            Ok(socket) => socket,
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => continue,
            Err(error) => {
                let problem = format!("{}: {error}", path.display());
                return Err(io::Error::new(error.kind(), problem));
            }
        };
        let file = SocketFile(path);
        match &launch.socket_group {
            Some(group) => {
                chown(&file.0, None, Some(group_id(group)?))?;
                std::fs::set_permissions(&file.0, Permissions::from_mode(0o660))?;
            }
            None => std::fs::set_permissions(&file.0, Permissions::from_mode(0o600))?,
        }
        return Ok((socket, file));
    }
    Err(io::Error::other(format!(
        "no free socket name in {}",
        directory.display()
    )))
}

/// A number for a file name: unlike those of other processes, not unguessable.
#[cfg(unix)]
fn random() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(std::process::id())
}

#[cfg(unix)]
fn group_id(group: &str) -> io::Result<u32> {
    if let Ok(id) = group.parse() {
        return Ok(id);
    }
    // NAME:PASSWORD:ID:MEMBERS
    std::fs::read_to_string("/etc/group")?
        .lines()
        .filter_map(|line| {
            let mut fields = line.split(':');
            (fields.next()? == group).then_some(())?;
            fields.nth(1)?.parse().ok()
        })
        .next()
        .ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::NotFound,
                format!("PLUGIN_UNIX_SOCKET_GROUP names the group {group:?}, which does not exist"),
            )
        })
}

fn bind_port(launch: &Launch) -> io::Result<TcpListener> {
    let mut last = None;
    for port in launch.ports.clone().unwrap_or(0..=0) {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(listener) => return Ok(listener),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            "PLUGIN_MIN_PORT is greater than PLUGIN_MAX_PORT",
        )
    }))
}
