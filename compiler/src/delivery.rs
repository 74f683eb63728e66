//! "Issued and not yet delivered" as a state of a credential, beside those that its server knows. An apply writes down each secret
//! that it is about to have issued, and crosses it out once the secret was handed over; what was not crossed out is open. Whoever
//! plans, applies or lists sees that, and the next apply issues the secret again, whatever the rotation block says.

mod complaints;
mod environment;
mod identity;
mod ledger;
mod objects;
mod open;
mod place;
mod state;
mod variable;

pub use complaints::still_open;
pub(crate) use environment::{Accounts, Comments};
pub use environment::{Assigned, Due, Owner, plain_lines, replace_in, taken_in};
pub use identity::Identity;
pub use ledger::{Seen, Settled, Waiting, settle};
pub use open::{ASTRAY, Issuing, Open, REASON, Verdict, is_settled};
pub use place::{Apart, Place};
pub use state::{Delivery, State};
pub use variable::{assignment, collisions, variable};
