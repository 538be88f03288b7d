//! The rules of one robots.txt for one crawler.

use std::time::Duration;

use robotxt::Robots;
use url::Url;

/// How many bytes of a robots.txt to read; what comes after is ignored. The 500 KiB that have to be parsed (RFC 9309,
/// section 2.5), and one more, which tells whether the last line was cut: a cut rule does not count.
pub(crate) const READ_LIMIT: usize = robotxt::BYTE_LIMIT + 1;

/// The longest address that rules are asked about, in bytes: what a server has to take at least (RFC 9110,
/// section 4.1). It bounds the time that a hostile file and a hostile feed can cost together.
const LONGEST_URL: usize = 8_000;

/// What a robots.txt lets one crawler have.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Rules(Robots);

impl Rules {
    /// Reads the groups that name the product token, whatever its case, or else those for `*` (RFC 9309,
    /// section 2.2.1). Any bytes will do; lines that are no rules are passed over.
    pub(crate) fn parse(body: &[u8], product_token: &str) -> Self {
        Self(Robots::parse(body, product_token))
    }

    /// The rules of a site that has none (RFC 9309, section 2.3.1.3).
    pub(crate) fn allow_all() -> Self {
        Self(Robots::allow_all())
    }

    /// Whether the page at an address of this site may be fetched: the longest pattern that matches decides, `Allow`
    /// where two are as long (RFC 9309, section 2.2.2). Not where the address has more than 8,000 bytes.
    pub(crate) fn allows(&self, url: &Url) -> bool {
        url.as_str().len() <= LONGEST_URL && self.0.is_url_allowed(url)
    }

    /// How far apart the publisher wants requests to be, unbounded: `Crawl-delay` in seconds, which is not in the RFC
    /// but in many files. The shortest where groups differ.
    pub(crate) fn crawl_delay(&self) -> Option<Duration> {
        self.0.crawl_delay()
    }

    /// How much memory the rules hold, in bytes, without what the allocator adds, which is as much again at most.
    pub(crate) fn bytes(&self) -> usize {
        let rules = self.0.rules().iter().map(|rule| size_of_val(rule) + rule.pattern().len());
        let sitemaps = self.0.sitemaps().iter().map(|url| size_of_val(url) + url.as_str().len());
        rules.chain(sitemaps).sum()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use proptest::prelude::*;

    use super::*;

    fn rules(text: &str) -> Rules {
        Rules::parse(text.as_bytes(), "Tallywire")
    }

    fn allows(text: &str, path: &str) -> bool {
        rules(text).allows(&Url::parse(&format!("https://news.example{path}")).unwrap())
    }

    /// What a file with these rules for all says of a path.
    fn all(lines: &str, path: &str) -> bool {
        allows(&format!("User-agent: *\n{lines}"), path)
    }

    #[test]
    fn a_site_without_rules_is_open() {
        for text in
            ["", "\n\n", "# nothing here", "User-agent: *", "User-agent: *\nDisallow:", "<html>Not found</html>"]
        {
            assert!(allows(text, "/politics/vote"), "{text}");
        }
        assert!(Rules::allow_all().allows(&Url::parse("https://news.example/a").unwrap()));
    }

    #[test]
    fn the_group_with_the_product_token_counts() {
        let text = "User-agent: *\nDisallow: /\n\nUser-agent: TALLYWIRE\nDisallow: /archive\n";
        assert!(allows(text, "/politics/vote"));
        assert!(!allows(text, "/archive/1999"));
        for other in ["Tally", "Tallywire-Images", "Wire"] {
            assert!(allows(&format!("User-agent: {other}\nDisallow: /"), "/a"), "{other}");
        }
    }

    #[test]
    fn groups_of_one_crawler_are_merged() {
        let text = "User-agent: tallywire\nDisallow: /a\nUser-agent: other\nDisallow: /\n\
                    User-agent: third\nUser-agent: tallywire\nDisallow: /b\nUser-agent: *\nDisallow: /c\n";
        assert!(!allows(text, "/a") && !allows(text, "/b"));
        assert!(allows(text, "/c") && allows(text, "/d"));
    }

    #[test]
    fn rules_before_any_group_count_for_nobody() {
        assert!(allows("Disallow: /\nUser-agent: *\nDisallow: /a", "/b"));
    }

    #[test]
    fn the_longest_match_wins_and_allow_where_they_tie() {
        let lines = "Disallow: /sport\nAllow: /sport/chess\nDisallow: /sport/chess/live";
        assert!(!all(lines, "/sport/golf") && all(lines, "/sport/chess/final") && !all(lines, "/sport/chess/live/1"));
        assert!(all("Disallow: /a\nAllow: /a", "/a") && all("Allow: /a\nDisallow: /a", "/a"));
        assert!(!all("Disallow: /\nAllow:", "/a"), "an empty pattern matches nothing");
    }

    #[test]
    fn patterns_have_wildcards_and_an_end() {
        let matches = |pattern: &str, path: &str| !all(&format!("Disallow: {pattern}"), path);
        for (pattern, path) in [
            ("/", "/"),
            ("/a", "/abc"),
            ("/a*", "/a"),
            ("/*/print", "/politics/vote/print"),
            ("*.pdf", "/report.pdf?page=2"),
            ("/*.pdf$", "/a.pdf.pdf"),
            ("/a$", "/a"),
            ("/*?", "/a?b=c"),
            ("/a$b", "/a$b"),
            ("/***a", "/bca"),
        ] {
            assert!(matches(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("/a", "/A"),
            ("/a", "/b/a"),
            ("/a/", "/a"),
            ("/a$", "/ab"),
            ("/a$", "/a?b"),
            ("/*.pdf$", "/a.pdf?page=2"),
            ("/a*b*c", "/acb"),
            ("/a*a$", "/a"),
        ] {
            assert!(!matches(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn percent_encoding_does_not_matter_where_it_means_the_same() {
        for (pattern, path) in [
            ("/%61", "/a"),
            ("/a", "/%61"),
            ("/caf%c3%a9", "/caf%C3%A9"),
            ("/café", "/caf%C3%A9"),
            ("/x%2fy", "/x%2Fy"),
        ] {
            assert!(!all(&format!("Disallow: {pattern}"), path), "{pattern} {path}");
        }
        assert!(all("Disallow: /x%2Fy", "/x/y"), "an encoded slash is no slash");
        assert!(all("Disallow: /x%2A", "/xyz"), "an encoded asterisk is no wildcard");
    }

    #[test]
    fn lines_end_in_any_way_and_may_be_untidy() {
        let lines = ["\u{feff}User-Agent : *  # everybody", "", "Noindex: /b", "Sitemap: https://news.example/s.xml"];
        for end in ["\n", "\r\n", "\r"] {
            let text = format!("{}{end}\tDISALLOW:\t/a # not this{end}nonsense{end}", lines.join(end));
            assert!(!allows(&text, "/a") && allows(&text, "/b"), "{end:?}");
        }
    }

    #[test]
    fn what_is_past_the_limit_is_ignored() {
        let filler = "# padding\n".repeat(robotxt::BYTE_LIMIT / 10);
        let head = "User-agent: *\nDisallow: /a\n";
        assert!(!allows(&format!("{head}{filler}Disallow: /b\n"), "/a"));
        assert!(allows(&format!("{head}{filler}Disallow: /b\n"), "/b"));
    }

    #[test]
    fn a_rule_that_the_limit_cuts_does_not_count() {
        let mut body = b"User-agent: *\nDisallow: /\n#".to_vec();
        body.resize(READ_LIMIT - "\nAllow: /".len(), b'.');
        body.extend_from_slice(b"\nAllow: /open/to/all\n");
        body.truncate(READ_LIMIT);
        assert!(body.ends_with(b"\nAllow: /"));
        assert!(!Rules::parse(&body, "Tallywire").allows(&Url::parse("https://news.example/a").unwrap()));
    }

    #[test]
    fn crawl_delay_is_in_seconds() {
        let delay = |text: &str| rules(&format!("User-agent: *\n{text}")).crawl_delay();
        assert_eq!(delay("Crawl-delay: 10"), Some(Duration::from_secs(10)));
        assert_eq!(delay("crawl-delay: 0.5"), Some(Duration::from_millis(500)));
        assert_eq!(rules("User-agent: other\nCrawl-delay: 10").crawl_delay(), None);
        for nonsense in ["-1", "soon", "", "NaN", "inf", "1e300"] {
            assert_eq!(delay(&format!("Crawl-delay: {nonsense}")), None, "{nonsense}");
        }
    }

    #[test]
    fn hostile_patterns_end_in_time() {
        let path = format!("/{}", "a".repeat(LONGEST_URL - "https://news.example/".len()));
        let begun = Instant::now();
        for line in
            [format!("/{}b", "*a".repeat(200_000)), "*b".to_owned(), "*a*b$".to_owned(), "*a*a*a*a*b".to_owned()]
        {
            let line = format!("Disallow: {line}\n");
            assert!(all(&line.repeat(robotxt::BYTE_LIMIT / line.len()), &path));
        }
        assert!(begun.elapsed() < Duration::from_secs(10));
        assert!(!all("Allow: /", &format!("{path}a")), "longer than a server has to take");
    }

    #[test]
    fn the_memory_held_is_told() {
        assert_eq!(Rules::allow_all().bytes(), 0);
        let text = format!("User-agent: *\n{}", "Disallow: /abcdefgh\n".repeat(100));
        assert!((100 * 9..100 * 100).contains(&rules(&text).bytes()));
    }

    /// Whether a pattern matches from the start, by trying every way.
    fn oracle(pattern: &[u8], path: &[u8]) -> bool {
        match pattern {
            [] => true,
            b"$" => path.is_empty(),
            [b'*', rest @ ..] => (0..=path.len()).any(|skip| oracle(rest, &path[skip..])),
            [first, rest @ ..] => path.first() == Some(first) && oracle(rest, &path[1..]),
        }
    }

    proptest! {
        #[test]
        fn matches_as_by_trying_every_way(pattern in "/[ab*/]{0,8}[$]?", path in "/[abc/]{0,12}") {
            prop_assert_eq!(!all(&format!("Disallow: {pattern}"), &path), oracle(pattern.as_bytes(), path.as_bytes()));
        }

        #[test]
        fn any_bytes_will_do(body in prop::collection::vec(any::<u8>(), 0..400), path in "/[ -~]{0,20}") {
            let rules = Rules::parse(&body, "Tallywire");
            let url = Url::parse("https://news.example/").unwrap().join(&path);
            prop_assert_eq!(rules.clone(), Rules::parse(&body, "tallywire"));
            if let Ok(url) = url {
                let mut named = url.clone();
                named.set_fragment(Some("part"));
                prop_assert_eq!(rules.allows(&url), rules.allows(&named));
            }
        }

        #[test]
        fn the_order_of_rules_does_not_matter(
            lines in prop::collection::vec("(Disa|A)llow: /[ab]{0,3}", 0..6),
            path in "/[ab]{0,4}",
        ) {
            let turned: Vec<_> = lines.iter().rev().cloned().collect();
            prop_assert_eq!(all(&lines.join("\n"), &path), all(&turned.join("\n"), &path));
        }
    }
}
