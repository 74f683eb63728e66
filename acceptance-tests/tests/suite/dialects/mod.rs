//! The vendors' dialects of the reference server over HTTP, as the vendors' own clients would use them: one file per
//! vendor, one test per rule of its API.

mod chronosphere;
mod elasticsearch;
mod openobserve;
mod osmo;
mod splunk;
mod token_exchange;
