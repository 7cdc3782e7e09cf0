//! Walks the index of due times, which has every store, from a given position.

use futures_util::{StreamExt as _, stream};
use shared::store::{
    Directory,
    keep::{agenda::Bookmark, due::DueRecord},
};

use crate::failure::Failure;

/// Records per page.
const PAGE: i32 = 100;
/// Partitions to read ahead: most are nearly empty, and each request takes a round trip.
const AHEAD: usize = 8;

/// Visits page after page of the selected partitions, from a token's position, until the visitor
/// says where it stopped; none at the end.
pub(crate) async fn walk(
    directory: &Directory,
    token: Option<&str>,
    is_wanted: impl Fn(&Bookmark) -> bool,
    mut visit: impl AsyncFnMut(Vec<(DueRecord, Bookmark)>) -> Result<Option<Bookmark>, Failure>,
) -> Result<Option<Bookmark>, Failure> {
    let places = match token {
        Some(token) => Bookmark::parse(token).ok_or_else(|| Failure::broken(format!("{token} is no place to go on")))?.onwards(),
        None => Bookmark::all(),
    };
    let pages = places.into_iter().filter(is_wanted).map(|place| async move { directory.agenda(&place, PAGE).await });
    let mut pages = stream::iter(pages).buffered(AHEAD);
    while let Some(page) = pages.next().await {
        let mut page = page?;
        loop {
            if let Some(stopped) = visit(page.records).await? {
                return Ok(Some(stopped));
            }
            let Some(next) = page.next else { break };
            page = directory.agenda(&next, PAGE).await?;
        }
    }
    Ok(None)
}
