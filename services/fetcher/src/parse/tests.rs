use std::time::Duration;

use super::*;

mod laws;

fn parse(text: &str) -> Result<ParsedFeed, ParseError> {
    parse_feed(text.as_bytes(), None, Some(&Url::parse("https://news.example/feeds/rss").unwrap()))
}

/// The entries of an RSS feed with this inside.
fn items(inside: &str) -> Vec<FeedEntry> {
    parse(&format!("<rss version='2.0'><channel><title>N</title>{inside}</channel></rss>")).unwrap().entries
}

fn titles(text: &str) -> Vec<Option<String>> {
    parse(text).map(|feed| feed.entries.into_iter().map(|entry| entry.title).collect()).unwrap_or_default()
}

#[test]
fn reads_rss() {
    let feed = parse(
        "<rss version='2.0'><channel><title>News</title><link>https://news.example/</link><language>en</language>
         <item><guid isPermaLink='false'>7</guid><title>A &amp; B</title><link>https://news.example/a</link>
         <description>Short.</description><pubDate>Mon, 09 Mar 2026 10:00:00 +0100</pubDate>
         <author>a@b.example (Ann Ono)</author><category>World</category></item></channel></rss>",
    )
    .unwrap();
    assert_eq!(feed.feed.language.as_deref(), Some("en"));
    let entry = &feed.entries[0];
    assert_eq!(entry.id.as_deref(), Some("7"));
    assert_eq!(entry.title.as_deref(), Some("A & B"));
    assert_eq!(entry.published.unwrap().to_string(), "2026-03-09T10:00:00+01:00");
    assert_eq!(entry.categories, ["World"]);
    assert_eq!(entry.authors, ["Ann Ono"]);
    assert_eq!(feed.details[0].authors[0].email.as_deref(), Some("a@b.example"));
    assert!(feed.details[0].id_is_local);
    assert_eq!(feed.salvaged, None);
}

#[test]
fn reads_atom() {
    let feed = parse(
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='de_AT'><title type='html'>N &amp;lt;</title>
         <link rel='hub' href='https://hub.example/'/><link rel='self' href='/feed'/><icon>i.png</icon>
         <updated>2026-03-09T10:00:00Z</updated>
         <entry><id>tag:x</id><title>1 &lt; 2</title><link rel='self' href='/self'/><link href='/a'/>
         <author><name>Ann</name><email>ann@b.example</email></author><author><name>Bo</name></author>
         <source><title>Other</title><id>other</id></source><category term='t' label='World'/>
         <content type='xhtml' xml:base='https://base.example/'><div xmlns='http://www.w3.org/1999/xhtml'>
         <a href='b'>x &amp; y</a><br/></div></content></entry></feed>",
    )
    .unwrap();
    assert_eq!(feed.feed.title.as_deref(), Some("N &lt;"));
    assert_eq!(feed.feed.language.as_deref(), Some("de-AT"));
    assert_eq!(feed.feed.hubs, ["https://hub.example/"]);
    assert_eq!(feed.feed.self_link.as_deref(), Some("https://news.example/feed"));
    assert_eq!(feed.feed.icon.as_deref(), Some("https://news.example/feeds/i.png"));
    assert_eq!(feed.feed.updated.unwrap().to_string(), "2026-03-09T10:00:00Z");
    let entry = &feed.entries[0];
    assert_eq!(entry.id.as_deref(), Some("tag:x"));
    assert_eq!(entry.title.as_deref(), Some("1 < 2"));
    assert_eq!(entry.link.as_deref(), Some("https://news.example/a"));
    assert_eq!(entry.authors, ["Ann", "Bo"]);
    assert_eq!(feed.details[0].authors[0].to_string(), "Ann (ann@b.example)");
    assert_eq!(entry.categories, ["World"]);
    assert_eq!(entry.content.as_deref().map(str::trim), Some("<a href=\"https://base.example/b\">x &amp; y</a><br />"));
}

#[test]
fn reads_rdf_cdf_and_json() {
    let rdf = parse(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'
         xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>
         <channel rdf:about='x'><title>News</title><sy:updatePeriod>hourly</sy:updatePeriod>
         <items><rdf:Seq><rdf:li rdf:resource='https://news.example/a'/></rdf:Seq></items></channel>
         <item rdf:about='urn:a'><title>A</title><link>https://news.example/a</link><dc:creator>Ann</dc:creator>
         <dc:date>2026-03-09</dc:date></item><image rdf:about='y'><title>Logo</title></image></rdf:RDF>",
    )
    .unwrap();
    assert_eq!(rdf.feed.title.as_deref(), Some("News"));
    assert_eq!(rdf.hints.update_every, Some(Duration::from_hours(1)));
    assert_eq!(rdf.entries[0].id.as_deref(), Some("urn:a"));
    assert_eq!(rdf.entries[0].authors, ["Ann"]);
    assert_eq!(rdf.entries[0].published.unwrap().to_string(), "2026-03-09");
    let cdf = parse("<CHANNEL HREF='/'><ITEM HREF='a' LASTMOD='2026-03-09'><TITLE>A</TITLE></ITEM></CHANNEL>").unwrap();
    assert_eq!(cdf.entries[0].link.as_deref(), Some("https://news.example/feeds/a"));
    assert_eq!(cdf.entries[0].updated.unwrap().to_string(), "2026-03-09");
    let json = parse(r#"{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","url":"/a"}]}"#).unwrap();
    assert_eq!(json.entries[0].link.as_deref(), Some("https://news.example/a"));
}

#[test]
fn says_what_is_no_feed() {
    assert_eq!(parse("  ").unwrap_err(), ParseError::Empty);
    assert_eq!(parse("<!DOCTYPE html><html><body>Not found</body></html>").unwrap_err(), ParseError::Html);
    for text in ["{\"a\":1}", "Not found", "<opml><body/></opml>", "<a"] {
        assert!(matches!(parse(text), Err(ParseError::NoFeed(_))), "{text}");
    }
}

#[test]
fn a_list_that_is_never_closed_does_not_hide_the_other_items() {
    let list = "<li>x".repeat(199);
    let text =
        format!("<item><title>A</title><description><ul>{list}</description></item><item><title>B</title></item>");
    let entries = items(&text);
    assert_eq!(entries[1].title.as_deref(), Some("B"));
    assert_eq!(entries[0].summary.as_ref().unwrap().matches("<li>x").count(), 199);
    let text = format!("{}<item><title>A</title></item>", "<own>".repeat(300));
    assert_eq!(items(&text)[0].title.as_deref(), Some("A"));
}

#[test]
fn a_feed_that_nests_without_end_is_refused() {
    let feed = format!("<rss><channel>{}<item><title>A</title></item></channel></rss>", "<a>".repeat(100_000));
    assert_eq!(parse(&feed).unwrap_err(), ParseError::TooDeep);

    let nested = "<media:group>".repeat(100_000);
    let feed = format!("<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/'><channel><item>{nested}");
    assert_eq!(parse(&feed).unwrap_err(), ParseError::TooDeep);
}

#[test]
fn an_id_that_is_not_given_is_not_made_up() {
    assert_eq!(items("<item><title>A</title></item>")[0].id, None);
}

#[test]
fn a_guid_is_an_address_unless_it_says_otherwise() {
    let link = |guid: &str| items(&format!("<item>{guid}</item>"))[0].link.clone();
    assert_eq!(link("<guid>https://news.example/7</guid>").as_deref(), Some("https://news.example/7"));
    assert_eq!(link("<guid isPermaLink='false'>https://news.example/7</guid>"), None);
    assert_eq!(link("<guid>urn:7</guid>"), None);
    assert_eq!(link("<guid>7</guid>"), None);
    assert_eq!(link("<id>https://news.example/7</id>").as_deref(), Some("https://news.example/7"));
    assert_eq!(
        link("<guid>https://a.example/</guid><link>https://b.example/</link>").as_deref(),
        Some("https://b.example/")
    );
}

#[test]
fn parts_of_other_things_do_not_leak() {
    let feed = parse(
        "<rss><channel><image><title>Logo</title><url>l.png</url><link>https://l.example/</link></image>
         <textInput><title>Search</title><link>https://s.example/</link></textInput><title>News</title>
         <item><source url='x'>Other</source><image><link>https://l.example/</link></image>
         <x:description xmlns:x='urn:x'>no</x:description><description>yes</description></item></channel></rss>",
    )
    .unwrap();
    assert_eq!(feed.feed.title.as_deref(), Some("News"));
    assert_eq!(feed.feed.link, None);
    assert_eq!(feed.feed.image.as_deref(), Some("https://news.example/feeds/l.png"));
    assert_eq!((&feed.entries[0].link, &feed.entries[0].title), (&None, &None));
    assert_eq!(feed.entries[0].summary.as_deref(), Some("yes"));
}

#[test]
fn media_and_podcasts_fill_what_is_missing() {
    let entry = &items(
        "<item><media:group><media:content url='/v.mp4' type='video/mp4'><media:title>T</media:title>
         <media:thumbnail url='/t.png'/></media:content></media:group><itunes:summary>S</itunes:summary>
         <itunes:author>Ann</itunes:author><enclosure url='/e.mp3' type='audio/mpeg'/>
         <content:encoded>&lt;p>long&lt;/p></content:encoded></item>",
    )[0];
    assert_eq!((entry.title.as_deref(), entry.summary.as_deref()), (Some("T"), Some("S")));
    assert_eq!(entry.image.as_deref(), Some("https://news.example/t.png"));
    assert_eq!(entry.authors, ["Ann"]);
    assert_eq!(entry.content.as_deref(), Some("<p>long</p>"));
}

#[test]
fn hints_are_read() {
    let feed = parse(
        "<rss><channel><ttl>30</ttl><skipHours><hour>24</hour><hour>3</hour></skipHours>
         <skipDays><day>Sunday</day></skipDays></channel></rss>",
    )
    .unwrap();
    assert_eq!(feed.hints.ttl_minutes, Some(30));
    assert_eq!(feed.hints.skip_hours.into_iter().collect::<Vec<_>>(), [0, 3]);
    assert_eq!(feed.hints.skip_days, [jiff::civil::Weekday::Sunday]);
}

#[test]
fn markup_that_is_not_right_is_read() {
    let rows = [
        ("<title>Q&A &eacute; &unheard; 1 < 2</title>", "Q&A é &unheard; 1 < 2"),
        ("<title>it&#146;s\u{1}</title>", "it’s"),
        ("<title><![CDATA[a <b>c</b> &amp; d]]></title>", "a <b>c</b> &amp; d"),
        ("<title>a <b>c</b></title>", "a <b>c</b>"),
        ("<title type=text attr='x>y</title>", "y"),
        ("<dc:title>undeclared</dc:title>", "undeclared"),
        ("<TITLE>loud</title>", "loud"),
        ("</b><title>stray</title>", "stray"),
        ("<title>a<br>b</title>", "a<br />b"),
    ];
    for (inside, wanted) in rows {
        assert_eq!(items(&format!("<item>{inside}</item>"))[0].title.as_deref(), Some(wanted), "{inside}");
    }
}

#[test]
fn items_that_are_not_closed_are_told_apart() {
    let text = "<rss><channel>\n<item><title>A</title>\n<item><title>B<item><title>C</title></channel></rss>";
    let feed = parse(text).unwrap();
    let titles: Vec<_> = feed.entries.iter().map(|entry| entry.title.as_deref()).collect();
    assert_eq!(titles, [Some("A"), Some("B"), Some("C")]);
    assert_eq!(feed.salvaged, Some(Salvage::BadlyNested { line: 3 }));
}

#[test]
fn an_element_that_is_not_closed_hides_nothing() {
    for before in [
        "<atom:link href='/feed' rel='self'>",
        "<br>",
        "<hr><img src='x.png'>",
        "<own>",
        "<image><url>x.png</url>",
        "<itunes:image href='x.png'>",
        "<category domain='d' text='t'>",
        "<textInput><title>Search</title>",
        "<managingEditor>a@b.example",
        "<description>about",
    ] {
        let text = format!(
            "{before}<item><title>A</title><link>https://a.example/</link></item><item><title>B</title></item>"
        );
        let entries = items(&text);
        assert_eq!(entries.len(), 2, "{before}");
        assert_eq!((entries[0].title.as_deref(), entries[1].title.as_deref()), (Some("A"), Some("B")), "{before}");
    }
    for inside in [
        "<enclosure url='https://a.example/x.mp3'>",
        "<media:thumbnail url='x.png'>",
        "<atom:link rel='self' href='/self'>",
        "<category text='World'>",
        "<br>",
    ] {
        let entry =
            &items(&format!("<item>{inside}<link>https://a.example/</link><pubDate>2026-03-09</pubDate></item>"))[0];
        assert_eq!(entry.link.as_deref(), Some("https://a.example/"), "{inside}");
        assert!(entry.published.is_some(), "{inside}");
    }
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><category term='x'><title>A</title></entry>
        <category term='y'><entry><title>B</title></entry></feed>";
    assert_eq!(titles(atom), [Some("A".to_owned()), Some("B".to_owned())]);
}

#[test]
fn items_of_other_things_within_an_item_are_none() {
    let entries = items(
        "<item><title>A</title><gallery><item><title>p</title></item></gallery><link>https://a.example/</link></item>",
    );
    assert_eq!((entries.len(), entries[0].link.as_deref()), (1, Some("https://a.example/")));
}

#[test]
fn a_link_that_is_no_address_is_none() {
    let link = |inside: &str| items(&format!("<item>{inside}</item>"))[0].link.clone();
    assert_eq!(link("<link>see our page</link><guid>https://a.example/</guid>").as_deref(), Some("https://a.example/"));
    assert_eq!(link("<link>https://a.example/<b>x</b></link>"), None);
    let atom = "<feed><entry><link rel=\"alternate\" title=\"Is 3 < 4?\" href=\"https://n.example/a\"/></entry></feed>";
    assert_eq!(parse(atom).unwrap().entries[0].link.as_deref(), Some("https://n.example/a"));
    let spaced = link("<link>https://a.example/old bridge.html</link>");
    assert_eq!(spaced.as_deref(), Some("https://a.example/old bridge.html"));
}

#[test]
fn what_is_stated_to_be_plain_is_kept_as_it_is_and_written_as_html() {
    let feed = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><summary type='text'>1 &lt; 2</summary>
        <content type='text/plain'>a &lt;b>\n\nc</content></entry>
        <entry><summary>&lt;b>1&lt;/b></summary><content type='html'>a &amp;lt; b</content></entry></feed>";
    let feed = parse(feed).unwrap();
    assert_eq!(feed.entries[0].summary.as_deref(), Some("1 < 2"));
    assert_eq!(feed.entries[0].content.as_deref(), Some("a <b>\n\nc"));
    let stated = |entry: usize| (feed.details[entry].summary_is_plain, feed.details[entry].content_is_plain);
    assert_eq!((stated(0), stated(1)), ((true, true), (false, false)));
    let html = feed.into_html_entries();
    assert_eq!(html[0].summary.as_deref(), Some("1 &lt; 2"));
    assert_eq!(html[0].content.as_deref(), Some("<p>a &lt;b&gt;</p>\n<p>c</p>\n"));
    assert_eq!((html[1].summary.as_deref(), html[1].content.as_deref()), (Some("<b>1</b>"), Some("a &lt; b")));
    let json = r#"{"version":"https://jsonfeed.org/version/1","items":[{"content_text":"1 < 2"}]}"#;
    let json = parse(json).unwrap();
    assert_eq!(json.entries[0].content.as_deref(), Some("1 < 2"));
    assert_eq!(json.into_html_entries()[0].content.as_deref(), Some("1 &lt; 2"));
}

#[test]
fn hubs_are_read_in_their_order() {
    let hubs = (0..9).map(|n| format!("<link rel='hub' href='https://{n}.example/'/>")).collect::<Vec<_>>().concat();
    let feed = parse(&format!("<feed xmlns='http://www.w3.org/2005/Atom'>{hubs}</feed>")).unwrap();
    assert_eq!((feed.feed.hubs.len(), feed.feed.hubs[1].as_str()), (8, "https://1.example/"));
}

#[test]
fn what_is_only_mentioned_is_no_feed() {
    for text in [
        "<html><script>var t=\"<rss version=2.0>\"</script><title>How <rss> works</title><p>x</html>",
        "<html><style>a{}<rss></style></html>",
    ] {
        assert_eq!(parse(text).unwrap_err(), ParseError::Html, "{text}");
    }
    for text in ["<sitemapindex><foo><item><title>A</title></item></foo></sitemapindex>", "<a/><channel/>"] {
        assert!(matches!(parse(text), Err(ParseError::NoFeed(_))), "{text}");
    }
    assert_eq!(titles("<item><title>A</title></item><item><title>B</title></item>").len(), 2);
}

#[test]
fn the_page_is_linked_and_the_full_text_read_whoever_passes_the_feed_on() {
    let entry = &items(
        "<item><link>https://counted.example/1</link><feedburner:origLink>https://news.example/a</feedburner:origLink>
         <description>short</description><yandex:full-text>long</yandex:full-text></item>",
    )[0];
    assert_eq!(entry.link.as_deref(), Some("https://news.example/a"));
    assert_eq!(entry.content.as_deref(), Some("long"));
}

#[test]
fn pictures_are_told_from_other_media() {
    let image = |inside: &str| items(&format!("<item>{inside}</item>"))[0].image.clone();
    let picture = Some("https://n.example/a.JPG?w=1".to_owned());
    assert_eq!(image("<image>https://n.example/a.JPG?w=1</image>"), picture);
    assert_eq!(image("<image>a caption</image>"), None);
    assert_eq!(image("<media:content url='https://n.example/a.JPG?w=1'/>"), picture);
    assert_eq!(image("<media:content url='https://n.example/a.mp4'/>"), None);
    let face = "<media:content url='https://secure.gravatar.com/avatar/1?s=96' medium='image'/>";
    assert_eq!(image(&format!("{face}<media:thumbnail url='https://n.example/a.JPG?w=1'/>")), picture);
    let words = "<media:title>T</media:title><media:description>D</media:description></media:content></item>";
    let said = |kind: &str| {
        let entry = items(&format!("<item><media:content url='x' medium='{kind}'>{words}")).remove(0);
        entry.title.zip(entry.summary)
    };
    assert_eq!((said("image"), said("video")), (None, Some(("T".to_owned(), "D".to_owned()))));
}

#[test]
fn what_is_around_the_feed_is_passed_over() {
    let feed = "<rss><channel><item><title>A</title></item></channel></rss>";
    for (before, behind) in [
        ("\u{feff}\n<?xml version='1.0'?>", "\n<!-- made by hand -->"),
        ("Notice: Undefined index {foo} in line 3\n<?xml version='1.0'?>", ""),
        ("<br />Warning: a & b in line 3\n", "<script>x</script><rss><channel>"),
        ("<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0//EN\" \"x\">", "</rss>"),
    ] {
        assert_eq!(titles(&format!("{before}{feed}{behind}")), [Some("A".to_owned())], "{before}");
    }
}

#[test]
fn entities_of_the_document_are_read_and_do_not_multiply() {
    let bomb = (1..60).map(|n| format!("<!ENTITY e{n} '&e{m};&e{m};'>", m = n - 1)).collect::<Vec<_>>().concat();
    let text = format!(
        "<!DOCTYPE rss [<!ENTITY e0 'ha'>{bomb}]><rss><channel><item><title>&e0; &e59;</title></item></channel></rss>"
    );
    assert_eq!(titles(&text), [Some("ha &e58;&e58;".to_owned())]);
}

#[test]
fn says_where_a_feed_was_cut_off() {
    let feed = parse("<rss><channel><item><title>A</title></item><item><title>B</ti").unwrap();
    assert_eq!(feed.entries.len(), 1);
    assert_eq!(feed.salvaged.unwrap().to_string(), "the document ends in the middle of item 2; 1 item was read");
}
