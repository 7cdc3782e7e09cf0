//! Spaces that a language requires but nobody types.

use crate::read::Piece;

const NARROW: &str = "\u{202f}";

/// In French the space before `:`, `;`, `?`, `!` and inside `«` and `»` is a narrow no-break space.
pub(crate) fn typeset(tag: &str, pieces: Vec<Piece>) -> Vec<Piece> {
    if tag.split('-').next() != Some("fr") {
        return pieces;
    }
    pieces.into_iter().map(french).collect()
}

fn french(piece: Piece) -> Piece {
    match piece {
        Piece::Text(text) => {
            let before = [":", ";", "?", "!", "»"];
            let text = before.iter().fold(text, |text, mark| text.replace(&format!(" {mark}"), &format!("{NARROW}{mark}")));
            Piece::Text(text.replace("« ", &format!("«{NARROW}")))
        }
        Piece::Choice { by, mut cases } => {
            for case in &mut cases {
                case.pieces = std::mem::take(&mut case.pieces).into_iter().map(french).collect();
            }
            Piece::Choice { by, cases }
        }
        place @ Piece::Place { .. } => place,
    }
}
