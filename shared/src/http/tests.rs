use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::*;
use crate::calls::{Marks, done, in_hand};
use crate::providers::{facebook, shopify};
use crate::scripted::{Scripted, outbound};

fn headers(list: &[(&'static str, &str)]) -> HeaderMap {
    list.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())).collect()
}

#[test]
fn a_client_is_logged_by_name_only() {
    assert_eq!(format!("{:?}", Http::new().unwrap()), "Http");
}

#[test]
fn only_declared_headers_are_kept() {
    let kept = kept(
        &facebook::PLATFORM,
        &headers(&[("x-shopify-api-version", "2026-10"), ("set-cookie", "a=b"), ("x-app-usage", "{\"call_count\":1}")]),
    );
    assert_eq!(kept, [("x-app-usage", "{\"call_count\":1}".to_owned())]);
}

#[test]
fn a_header_is_kept_up_to_sixteen_kibibytes() {
    let kept_of = |length: usize| kept(&facebook::PLATFORM, &headers(&[("x-app-usage", &"1".repeat(length))])).len();
    assert_eq!((kept_of(0), kept_of(16_384), kept_of(16_385)), (1, 1, 0));
}

#[tokio::test]
async fn a_body_is_read_up_to_one_mebibyte() {
    for (length, expected) in [(0, Ok(0)), (1_048_576, Ok(1_048_576)), (1_048_577, Err(CallError::TooLarge))] {
        let provider = Scripted::new(vec![(200, "a".repeat(length))]);
        let answer = send("test".into(), outbound().get(&provider.endpoint)).await;
        assert_eq!(answer.map(|answer| answer.body.len()), expected);
    }
}

#[tokio::test]
async fn only_the_providers_own_failures_count_as_its_errors() {
    let none = (0, 0);
    let to = |platform| Call::to(platform, "test");
    for (call, counted) in [(to(&shopify::PLATFORM), (1, 0)), (to(&facebook::PLATFORM), (0, 1)), ("another.test".into(), none)] {
        for (status, expected) in
            [(200, none), (400, none), (428, none), (429, counted), (430, none), (499, none), (500, counted), (503, counted)]
        {
            let provider = Scripted::new(vec![(status, String::new())]);
            assert_eq!(errors_counted(call, &provider).await, expected, "{call} {status}");
        }
        assert_eq!(errors_counted(call, &Scripted::new(Vec::new())).await, counted, "{call} without an answer");
    }
}

/// The errors counted for Shopify and for Facebook.
async fn errors_counted(call: Call, provider: &Scripted) -> (u64, u64) {
    in_hand(Marks::default(), async {
        let _ = send(call, outbound().get(&provider.endpoint)).await;
        let done = done();
        (done.count_of(&shopify::PLATFORM.metrics.errors), done.count_of(&facebook::PLATFORM.metrics.errors))
    })
    .await
}
