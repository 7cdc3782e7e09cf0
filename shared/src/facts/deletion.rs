//! The progress of a person's deletion request.

/// How far a deletion request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// Not done yet.
    InProgress,
    /// There was nothing to delete.
    NothingKept,
    /// Everything was deleted.
    Deleted,
    /// The app was removed, and the access with it; names were not.
    AccessDeleted,
}
