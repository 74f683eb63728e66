//! What a comment has room for. Every piece says how much it matters; what matters least is left out first, and counted.

/// Where a piece stands in the comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    Top,
    Changes,
    Findings,
    Outside,
    Details,
}

/// A line, a row or a folded part.
pub(super) struct Piece {
    pub(super) section: Section,
    /// The lower, the more it matters.
    pub(super) rank: u8,
    /// What it is counted as if it is left out: `new`.
    pub(super) what: &'static str,
    pub(super) text: String,
}

/// What the line takes that says what was left out.
const CLOSING: usize = 600;

/// The pieces that fit into so many bytes, in the order in which they are written, and how many of which kind do not. Once one is left
/// out, so is all that matters less.
pub(super) fn fit(
    mut pieces: Vec<Piece>,
    heading: impl Fn(Section) -> &'static str,
    room: usize,
) -> (String, Vec<(&'static str, usize)>) {
    pieces.sort_by_key(|piece| piece.rank);
    let room = room.saturating_sub(CLOSING);
    let mut used = 0;
    let mut begun: Vec<Section> = Vec::new();
    let fits = pieces.iter().position(|piece| {
        if !begun.contains(&piece.section) {
            begun.push(piece.section);
            used += heading(piece.section).len();
        }
        used += piece.text.len();
        used > room
    });
    let left_out = pieces.split_off(fits.unwrap_or(pieces.len()));
    let mut counts: Vec<(&'static str, usize)> = Vec::new();
    for piece in left_out {
        match counts.iter_mut().find(|(what, _)| *what == piece.what) {
            Some((_, count)) => *count += 1,
            None => counts.push((piece.what, 1)),
        }
    }
    pieces.sort_by_key(|piece| piece.section);
    let mut out = String::with_capacity(used);
    let mut section = None;
    for piece in &pieces {
        if section != Some(piece.section) {
            out.push_str(heading(piece.section));
            section = Some(piece.section);
        }
        out.push_str(&piece.text);
    }
    (out, counts)
}
