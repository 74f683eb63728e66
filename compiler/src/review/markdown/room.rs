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
pub(super) struct Piece<'a> {
    pub(super) section: Section,
    /// The lower, the more it matters.
    pub(super) rank: u8,
    /// What it is counted as if it is left out: `new`.
    pub(super) what: &'static str,
    /// Written only where there is room: of a large plan most pieces have none.
    pub(super) text: Box<dyn Fn() -> String + 'a>,
}

/// What the line takes that says what was left out.
const CLOSING: usize = 600;

/// The pieces that fit into so many bytes, in the order in which they are written, and how many of which kind do not. Once one is left
/// out, so is all that matters less.
pub(super) fn fit(
    mut pieces: Vec<Piece<'_>>,
    heading: impl Fn(Section) -> &'static str,
    room: usize,
) -> (String, Vec<(&'static str, usize)>) {
    pieces.sort_by_key(|piece| piece.rank);
    let room = room.saturating_sub(CLOSING);
    let mut used = 0;
    let mut begun: Vec<Section> = Vec::new();
    let mut written: Vec<(Section, String)> = Vec::new();
    let mut left_out: Vec<(&'static str, usize)> = Vec::new();
    let mut pieces = pieces.into_iter();
    for piece in pieces.by_ref() {
        let text = (piece.text)();
        if !begun.contains(&piece.section) {
            begun.push(piece.section);
            used += heading(piece.section).len();
        }
        used += text.len();
        if used > room {
            left_out.push((piece.what, 1));
            break;
        }
        written.push((piece.section, text));
    }
    for piece in pieces {
        match left_out.iter_mut().find(|(what, _)| *what == piece.what) {
            Some((_, count)) => *count += 1,
            None => left_out.push((piece.what, 1)),
        }
    }
    written.sort_by_key(|(section, _)| *section);
    let mut out = String::new();
    let mut section = None;
    for (its, text) in &written {
        if section != Some(its) {
            out.push_str(heading(*its));
            section = Some(its);
        }
        out.push_str(text);
    }
    (out, left_out)
}
