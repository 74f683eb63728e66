//! The console story of each command, as a user sees it: what was typed, what came out on which stream, and the exit code.
