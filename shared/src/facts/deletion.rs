//! The outcome of a deletion request.

/// The progress of a deletion request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// Not done yet.
    InProgress,
    /// There was nothing to delete.
    NothingKept,
    /// All is deleted.
    Deleted,
    /// The app was removed, so the access was deleted; names were not part of that.
    AccessDeleted,
}
