//! The macro that declares a record.

/// Declares a record that holds tokens: each field comes with the way it is read from a row. `?`
/// means that the row is no such record.
macro_rules! record {
    (
        $(#[$about:meta])*
        $record:ident from ($($source:ident: $source_type:ty),*);
        tokens { $($(#[$token_doc:meta])* $token:ident = $sealed:expr,)* }
        $($(#[$doc:meta])* $vis:vis $field:ident: $of:ty = $value:expr,)*
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug)]
        pub struct $record<T = Option<$crate::store::table::Sealed>> {
            $($(#[$token_doc])* pub $token: T,)*
            $($(#[$doc])* $vis $field: $of,)*
        }

        impl $record {
            /// None for anything else.
            pub(in crate::store) fn read($($source: $source_type),*) -> Option<Self> {
                Some(Self { $($token: $sealed,)* $($field: $value,)* })
            }
        }

        impl<T> $record<T> {
            /// The same record with the result of opening its tokens.
            fn with<U>(self, $($token: U),*) -> $record<U> {
                $record { $($token,)* $($field: self.$field,)* }
            }
        }
    };
}
