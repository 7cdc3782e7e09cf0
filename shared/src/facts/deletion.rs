//! What became of somebody's request to be forgotten.

/// How far a request to be forgotten is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// Not done yet.
    InProgress,
    /// There was nothing to delete.
    NothingKept,
    /// All is deleted.
    Deleted,
    /// The app was removed, and the access with it; names were not part of that.
    AccessDeleted,
}
