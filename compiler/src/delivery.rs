//! "Issued and not yet delivered" as a state of a credential, beside those that its server knows. An apply writes down each secret
//! that it is about to have issued, and crosses it out once the secret was handed over; what was not crossed out is open. Whoever
//! plans, applies or lists sees that, and the next apply issues the secret again, whatever the rotation block says.

mod environment;
mod identity;
mod ledger;
mod open;
mod variable;

pub use environment::{Assigned, Due, Owner, plain_lines, replace_in, taken_in};
pub use identity::Identity;
pub use ledger::{Delivery, Seen, Settled, State, Waiting, settle, still_open};
pub use open::{Apart, Issuing, Open, Place, REASON, Verdict, is_settled};
pub use variable::{assignment, collisions, variable};
