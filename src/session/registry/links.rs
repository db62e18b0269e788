//! `Link` headers (RFC 8288), as registries point to a list's next page.
//!
//! A header that cannot be read may point there: the list is not known to be whole then.

/// Where a list goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextPage<'h> {
    /// Nowhere: no link, or only links that lead to something else.
    Last,
    /// At this target.
    At(&'h str),
    /// Nobody knows: this header is not one of RFC 8288, or it names two targets.
    Unread(&'h str),
}

/// What a proxy sends in the place of a header that it cannot read.
pub const UNREAD: &str = "unread";

/// The next page by all `Link` headers of an answer.
pub(super) fn next_page<'h>(headers: impl Iterator<Item = &'h str>) -> NextPage<'h> {
    let mut found = NextPage::Last;
    for header in headers {
        let mut rest = header.trim();
        while !rest.is_empty() {
            let Some((link, after)) = link(rest) else { return NextPage::Unread(header) };
            match found {
                _ if !link.next => {}
                NextPage::At(target) if target != link.target => return NextPage::Unread(header),
                _ => found = NextPage::At(link.target),
            }
            rest = after;
        }
    }
    found
}

struct Link<'h> {
    target: &'h str,
    next: bool,
}

/// `<target>; name=value; name="value"`, and what stands behind its comma.
fn link(text: &str) -> Option<(Link<'_>, &str)> {
    let (target, mut rest) = text.strip_prefix('<')?.split_once('>')?;
    if target.is_empty() || target.contains(|c: char| c.is_whitespace() || c == '<') {
        return None;
    }
    let mut relations = None;
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix(',') {
            rest = after.trim_start();
            break;
        }
        if rest.is_empty() {
            break;
        }
        rest = rest.strip_prefix(';')?.trim_start();
        let name = rest.get(..rest.find(|c: char| !is_token(c)).unwrap_or(rest.len()))?;
        rest = rest.get(name.len()..)?.trim_start();
        let Some(after) = rest.strip_prefix('=').filter(|_| !name.is_empty()) else {
            // A parameter without a value, or nothing behind a semicolon.
            continue;
        };
        let after = after.trim_start();
        let value = match after.strip_prefix('"') {
            Some(quoted) => {
                let (value, after) = quoted.split_once('"').filter(|(value, _)| !value.contains('\\'))?;
                rest = after;
                value
            }
            None => {
                let end = after.find(|c: char| !is_value(c)).unwrap_or(after.len());
                let (value, after) = after.split_at_checked(end).filter(|(value, _)| !value.is_empty())?;
                rest = after;
                value
            }
        };
        if name.eq_ignore_ascii_case("rel") {
            relations.get_or_insert(value);
        }
    }
    // RFC 8288, section 3.3: a link has a relation.
    let mut relations = relations?.split_ascii_whitespace().peekable();
    relations.peek()?;
    let mut next = false;
    for relation in relations {
        if !relation.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        next |= relation.eq_ignore_ascii_case("next");
    }
    Some((Link { target, next }, rest))
}

/// A letter of a token (RFC 9110, section 5.6.2).
fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

/// A letter of a value without quotes: some write addresses so.
fn is_value(c: char) -> bool {
    is_token(c) || matches!(c, '/' | ':' | '?' | '=' | '@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_the_link_that_says_so() {
        let at = NextPage::At;
        for (links, page) in [
            ("</v2/a/tags/list?last=1&n=2>; rel=\"next\"", at("/v2/a/tags/list?last=1&n=2")),
            ("<https://r.example/x>;rel=next", at("https://r.example/x")),
            ("</a>; title=\"b, c\"; REL=\"last Next\"", at("/a")),
            ("</a>; title=\"<b>\" ; rel = next ;", at("/a")),
            ("</x.js>; rel=preload; as=script", NextPage::Last),
            ("</x.js>; rel=preload; crossorigin; as=script", NextPage::Last),
            ("</x.js>; rel=preload, </a>; rel=\"next\"", at("/a")),
            ("</a>; rel=next, </x.js>; rel=preload", at("/a")),
            ("</a>; rel=next, </a>; rel=next", at("/a")),
            ("</a>; rel=\"nextpage\"", NextPage::Last),
            ("</a>; rel=\"prev\", </b>; rel=first", NextPage::Last),
            ("", NextPage::Last),
        ] {
            assert_eq!(next_page([links].into_iter()), page, "{links}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_no_last_page() {
        for links in [
            "/a; rel=next",
            "</a; rel=next",
            "</a> rel=next",
            "</a>",
            "</a>; rel",
            "</a>; rel=",
            "</a>; rel=\"next",
            "</a>; rel='next'",
            "</a>; rel=\"ne\\xt\"",
            "</a>; rel*=UTF-8''next",
            "<<>>; rel=next",
            "<>; rel=next",
            "</a b>; rel=next",
            "</x.js>; rel=preload, /a; rel=next",
            "</a>; rel=next, </b>; rel=next",
            "next",
            "{\"next\":\"/a\"}",
            UNREAD,
        ] {
            assert_eq!(next_page([links].into_iter()), NextPage::Unread(links), "{links}");
            let beside = ["</x.js>; rel=preload", links];
            assert_eq!(next_page(beside.into_iter()), NextPage::Unread(links), "{links}");
        }
    }
}
