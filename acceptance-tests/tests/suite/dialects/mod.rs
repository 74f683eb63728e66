//! The vendors' dialects of the reference server over HTTP, as the vendors' own clients would use them: one file per
//! vendor, one test per rule of its API.

#[expect(dead_code, reason = "each vendor needs some of it")]
mod caller;
mod chronosphere;
mod splunk;
