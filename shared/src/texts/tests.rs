use super::*;

#[test]
fn a_time_is_written_as_people_write_it() {
    assert_eq!(ENGLISH.moment("2026-11-02T14:03:59Z"), "2 November 2026, 14:03 UTC");
    assert_eq!(GERMAN.moment("2026-03-12T00:00:00Z"), "12. März 2026, 00:00 Uhr (UTC)");
    assert_eq!(SPANISH.moment("2026-11-02T14:03:59Z"), "2 de noviembre de 2026, 14:03 (UTC)");
    assert_eq!(FRENCH.moment("2026-11-02T14:03:59Z"), "2 novembre 2026 à 14:03 (UTC)");
    assert_eq!(FRENCH.moment("2026-08-01T14:03:59Z"), "1er août 2026 à 14:03 (UTC)");
    assert_eq!(PORTUGUESE.moment("2026-03-02T14:03:59Z"), "2 de março de 2026, 14:03 (UTC)");
    assert_eq!(PORTUGUESE.moment("2026-03-01T14:03:59Z"), "1º de março de 2026, 14:03 (UTC)");
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
    let named = |words: &Words| words.plural(&[pages, pages, pages]);
    assert_eq!(
        [&SPANISH, &FRENCH, &PORTUGUESE].map(named),
        ["páginas, páginas y páginas", "Pages, Pages et Pages", "Páginas, Páginas e Páginas"]
    );
    assert_eq!(ENGLISH.plural(&[]), "");
}

#[test]
fn a_number_is_placed_as_the_language_requires() {
    let more = |words: &Words| (words.store_connected.or_more)(1_250);
    assert_eq!(
        [&ENGLISH, &GERMAN, &SPANISH, &FRENCH, &PORTUGUESE].map(more),
        ["1,250 or more", "1.250 oder mehr", "1250 o más", "1\u{202f}250 ou plus", "1.250 ou mais"]
    );
    let title = |words: &'static Words, count| (words.of(crate::providers::NEXT).connected.title)(count);
    assert_eq!([1, 2].map(|count| title(&FRENCH, count)), ["Votre Page est connectée", "Vos Pages sont connectées"]);
    assert_eq!([1, 2].map(|count| title(&SPANISH, count)), ["Tu página está conectada", "Tus páginas están conectadas"]);
}

#[test]
fn names_go_where_they_belong() {
    for language in Language::ALL {
        let words = language.words();
        let failed = (words.detail.dialog_failed)("Facebook", Some("1349126"));
        assert!(failed.starts_with("Facebook") || failed.contains(" Facebook "), "{failed}");
        assert!(failed.contains(" 1349126"), "{failed}");
        assert!((words.list_end)("A, B", "C").starts_with("A, B ") && (words.list_end)("A, B", "C").ends_with(" C"));
    }
}
