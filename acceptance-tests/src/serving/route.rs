//! A table of routes, and finding the one that a request means.

use http::Method;
use percent_encoding::percent_decode_str;

/// One line of a dialect's table. In `pattern`, `{id}` stands for one piece of the path.
pub(crate) struct Route<Handler: 'static> {
    pub(crate) method: Method,
    pub(crate) pattern: &'static str,
    pub(crate) handler: Handler,
}

/// What a path and method lead to.
pub(crate) enum Found<'a, Handler: 'static> {
    /// This line, with the decoded pieces in the order of their placeholders.
    Route(&'a Route<Handler>, Vec<String>),
    /// The path exists, but only for these methods (as in an `Allow` header).
    OtherMethods(String),
    /// No such path.
    Nothing,
}

impl<Handler> Found<'_, Handler> {
    pub(crate) fn pattern(&self) -> Option<&'static str> {
        match self {
            Self::Route(route, _) => Some(route.pattern),
            Self::OtherMethods(_) | Self::Nothing => None,
        }
    }
}

/// Finds the line; HEAD is served where GET is.
pub(crate) fn find<'a, Handler>(
    routes: &'a [Route<Handler>],
    method: &Method,
    path: &str,
) -> Found<'a, Handler> {
    let wanted = if method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    let mut allowed: Vec<&str> = Vec::new();
    for route in routes {
        let Some(pieces) = pieces(route.pattern, path) else {
            continue;
        };
        if route.method == wanted {
            return Found::Route(route, pieces);
        }
        allowed.push(route.method.as_str());
        if route.method == Method::GET {
            allowed.push(Method::HEAD.as_str());
        }
    }
    if allowed.is_empty() {
        return Found::Nothing;
    }
    Found::OtherMethods(allowed.join(", "))
}

fn pieces(pattern: &str, path: &str) -> Option<Vec<String>> {
    let mut found = Vec::new();
    let mut given = path.split('/');
    for expected in pattern.split('/') {
        let given = given.next()?;
        if expected.starts_with('{') {
            let decoded = percent_decode_str(given).decode_utf8().ok()?;
            if decoded.is_empty() {
                return None;
            }
            found.push(decoded.into_owned());
        } else if expected != given {
            return None;
        }
    }
    given.next().is_none().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look_up(method: Method, path: &str) -> String {
        let routes = [
            Route {
                method: Method::GET,
                pattern: "/things/{id}",
                handler: "read",
            },
            Route {
                method: Method::DELETE,
                pattern: "/things/{id}",
                handler: "delete",
            },
        ];
        match find(&routes, &method, path) {
            Found::Route(route, pieces) => format!("{} {pieces:?}", route.handler),
            Found::OtherMethods(allowed) => format!("allow {allowed}"),
            Found::Nothing => "nothing".to_owned(),
        }
    }

    #[test]
    fn a_path_leads_to_its_line_or_to_the_methods_it_has() {
        assert_eq!(look_up(Method::GET, "/things/a%2Fb"), r#"read ["a/b"]"#);
        assert_eq!(look_up(Method::HEAD, "/things/a"), r#"read ["a"]"#);
        assert_eq!(look_up(Method::DELETE, "/things/a"), r#"delete ["a"]"#);
        assert_eq!(look_up(Method::PUT, "/things/a"), "allow GET, HEAD, DELETE");
        for path in [
            "/things",
            "/things/",
            "/things/a/",
            "/things/a/b",
            "/things/%FF",
            "/",
        ] {
            assert_eq!(look_up(Method::GET, path), "nothing", "{path}");
        }
    }
}
