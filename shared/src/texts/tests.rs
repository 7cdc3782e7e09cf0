use super::*;

#[test]
fn a_moment_is_written_as_people_do() {
    assert_eq!(ENGLISH.moment("2026-11-02T14:03:59Z"), "2 November 2026, 14:03 UTC");
    assert_eq!(GERMAN.moment("2026-03-12T00:00:00Z"), "12. März 2026, 00:00 Uhr (UTC)");
    for other in ["", "Z", "T", "2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-02T14:03:59+01:00", "2026-11T1Z", "é-é-éTéZ"] {
        assert_eq!(ENGLISH.moment(other), other);
    }
}

#[test]
fn several_kinds_of_accounts_are_named_together() {
    let pages = crate::providers::NEXT;
    assert_eq!(ENGLISH.plural(&[pages]), "Pages");
    assert_eq!(GERMAN.plural(&[pages, pages]), "Seiten und Seiten");
    assert_eq!(ENGLISH.plural(&[pages, pages, pages]), "Pages, Pages and Pages");
    assert_eq!(ENGLISH.plural(&[]), "");
}
