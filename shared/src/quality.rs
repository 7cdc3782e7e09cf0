//! Weighted preference lists (RFC 9110, section 12.4.2), as in `Accept` and `Accept-Language`.

/// More than any browser sends; the rest is ignored.
const MAX_RANGES: usize = 64;

/// One preference of a caller, with its weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range<'a> {
    /// A language, a media type, or a pattern of one.
    pub(crate) name: &'a str,
    /// Whether it has parameters other than the weight.
    pub(crate) has_parameters: bool,
    /// In thousandths; 0 is a refusal. None if malformed.
    pub(crate) weight: Option<u16>,
}

/// The ranges of a header, in order. Leaves out those without a name.
pub(crate) fn ranges(header: &str) -> impl Iterator<Item = Range<'_>> {
    header.split(',').take(MAX_RANGES).filter_map(range)
}

fn range(text: &str) -> Option<Range<'_>> {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let (mut has_parameters, mut weight) = (false, Some(1000));
    for parameter in parts {
        let (key, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        if key.trim().eq_ignore_ascii_case("q") {
            weight = thousandths(value.trim());
        } else {
            has_parameters = true;
        }
    }
    Some(Range { name, has_parameters, weight })
}

/// `0` or `1` with at most three digits after the point.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let thousandths = format!("{fraction:0<3}").parse::<u16>().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(header: &str) -> Vec<(&str, Option<u16>)> {
        ranges(header).map(|range| (range.name, range.weight)).collect()
    }

    #[test]
    fn weights_are_read_if_possible() {
        assert_eq!(read("a, b;q=0.5 ,c ; Q = 0,d;q=1.000"), [("a", Some(1000)), ("b", Some(500)), ("c", Some(0)), ("d", Some(1000))]);
        assert!(read("").is_empty() && read(";q=1").is_empty());
        for broken in ["a;q", "a;q=", "a;q=2", "a;q=1.5", "a;q=-1", "a;q=0.1234", "a;q=NaN", "a;q=.5"] {
            assert_eq!(read(broken), [("a", None)], "{broken}");
        }
    }

    #[test]
    fn a_weight_may_follow_parameters() {
        let one = ranges("text/html;level=1;q=0.4").next().unwrap();
        assert_eq!(one, Range { name: "text/html", has_parameters: true, weight: Some(400) });
    }

    #[test]
    fn ranges_beyond_the_limit_are_ignored() {
        assert_eq!(read(&"a,".repeat(MAX_RANGES + 9)).len(), MAX_RANGES);
    }

    proptest! {
        #[test]
        fn any_header_is_read(header in ".{0,200}") {
            let _ = ranges(&header).count();
        }
    }
}
