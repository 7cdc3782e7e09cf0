//! Which function a request belongs to.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::template::{Route, project_dir};

/// A route that fits a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match<'routes> {
    /// The route.
    pub route: &'routes Route,
    /// Its path parameters, percent-decoded.
    pub parameters: BTreeMap<String, String>,
}

/// The most specific route for a method and a path as sent.
pub fn find_route<'routes>(routes: &'routes [Route], method: &str, path: &str) -> Option<Match<'routes>> {
    let fitting = routes.iter().filter(|route| route.method == method || route.method == "ANY");
    let fitting = fitting.filter_map(|route| Some(Match { route, parameters: parameters(&route.pattern, path)? }));
    fitting.min_by_key(|found| found.parameters.len())
}

/// The routes of `cargo lambda watch`, from the workspace's `Cargo.toml`, in order of method and pattern.
///
/// # Panics
///
/// When they can't be read.
pub fn watch_routes() -> Vec<Route> {
    let path = project_dir().join("Cargo.toml");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let manifest: toml::Value = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let router = manifest["workspace"]["metadata"]["lambda"]["watch"]["router"].clone();
    let router: BTreeMap<String, Vec<WatchTarget>> = router.try_into().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut routes: Vec<Route> = router
        .into_iter()
        .flat_map(|(pattern, targets)| {
            targets.into_iter().map(move |target| Route { method: target.method, pattern: pattern.clone(), function: target.function })
        })
        .collect();
    routes.sort();
    routes
}

#[derive(Deserialize)]
struct WatchTarget {
    method: String,
    function: String,
}

fn parameters(pattern: &str, path: &str) -> Option<BTreeMap<String, String>> {
    let mut parameters = BTreeMap::new();
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(parameters),
            (Some(wanted), Some(given)) => {
                match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                    Some(_) if given.is_empty() => return None,
                    Some(name) => parameters.insert(name.to_owned(), decode(given)),
                    None if wanted == given => None,
                    None => return None,
                };
            }
            _ => return None,
        }
    }
}

pub(super) fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes() -> Vec<Route> {
        let route = |method: &str, pattern: &str, function: &str| Route {
            method: method.to_owned(),
            pattern: pattern.to_owned(),
            function: function.to_owned(),
        };
        vec![
            route("GET", "/shopify/{shop_name}/login", "login"),
            route("GET", "/shopify/login", "login"),
            route("GET", "/{platform}/callback", "any"),
            route("GET", "/shopify/callback", "callback"),
        ]
    }

    #[test]
    fn a_parameter_is_one_decoded_segment() {
        let routes = routes();
        let found = find_route(&routes, "GET", "/shopify/ac%20me/login").unwrap();
        assert_eq!(found.parameters["shop_name"], "ac me");
        assert_eq!(found.route.function, "login");
        assert!(find_route(&routes, "GET", "/shopify//login").is_none());
        assert!(find_route(&routes, "GET", "/shopify/a/b/login").is_none());
    }

    #[test]
    fn a_plain_segment_beats_a_parameter() {
        let routes = routes();
        assert_eq!(find_route(&routes, "GET", "/shopify/callback").unwrap().route.function, "callback");
        assert_eq!(find_route(&routes, "GET", "/facebook/callback").unwrap().route.function, "any");
    }

    #[test]
    fn the_local_run_has_the_routes_that_are_deployed() {
        assert_eq!(watch_routes(), crate::template::Template::load().routes());
    }

    #[test]
    fn another_method_or_a_trailing_slash_has_no_route() {
        let routes = routes();
        assert!(find_route(&routes, "POST", "/shopify/login").is_none());
        assert!(find_route(&routes, "GET", "/shopify/login/").is_none());
    }
}
