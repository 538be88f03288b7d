//! An article that was fetched, as records, and back.

use std::io::BufRead;

use tallywire_proto::{DocumentKind, Fetched, Message};

use crate::{
    http::{parse_response, response},
    read::{ReadError, Records},
    record::{Record, digest},
};

/// The type of the metadata: the fetcher's message, without the page where that stands in a record of its own.
const FETCHED: &str = "application/vnd.tallywire.fetched+json";
const HTTP: &str = "application/http;msgtype=response";

/// A page as it came.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Page {
    /// The address that answered in the end, after redirects.
    pub url: String,
    /// The status: 200.
    pub status: u16,
    /// What the status is called: "OK".
    pub reason: String,
    /// The headers. A `Content-Encoding` is there only where `bytes` are still encoded so.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body, without the compression that the client took off.
    pub bytes: Vec<u8>,
}

impl Page {
    /// The `Content-Type`, as sent.
    pub fn content_type(&self) -> Option<String> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-type"))?;
        Some(String::from_utf8_lossy(value).into_owned())
    }
}

/// An article out of an archive.
#[derive(Clone, Debug, PartialEq)]
pub struct Archived {
    /// The message of the fetcher. Where there is a page, the body of its document is empty.
    pub fetched: Fetched,
    /// The page that the document is to be read from.
    pub page: Option<Page>,
}

impl Archived {
    /// An article to be archived: the message of the fetcher, and the page that its document was read from.
    pub fn new(fetched: &Fetched, page: Option<Page>) -> Self {
        let mut fetched = fetched.clone();
        if page.is_some() {
            fetched.document.body = String::new();
        }
        Self { fetched, page }
    }

    /// Its records in a file that begins with `info`: its page, where there is one, and the message, which belongs to it.
    ///
    /// # Errors
    /// When the message cannot be written as JSON.
    pub fn records(&self, info: &Record) -> Result<Vec<Record>, serde_json::Error> {
        let date = self.fetched.fetched_at;
        let in_file = |record: Record| record.with("WARC-Warcinfo-ID", info.id());
        let message = in_file(Record::new("metadata", date, FETCHED, serde_json::to_vec(&self.fetched)?));
        let Some(page) = &self.page else {
            let url = self.fetched.url.as_deref();
            return Ok(vec![match url {
                Some(url) => message.with("WARC-Target-URI", url),
                None => message,
            }]);
        };
        let whole = in_file(Record::new("response", date, HTTP, response(page)))
            .with("WARC-Target-URI", &page.url)
            .with("WARC-Payload-Digest", &digest(&page.bytes));
        let message = message.with("WARC-Target-URI", &page.url).with("WARC-Concurrent-To", whole.id());
        Ok(vec![whole, message])
    }
}

/// The articles among the records of a file. Records of others are passed over.
pub struct Articles<R: BufRead> {
    records: Records<R>,
    /// The last page, and its record's id: its article follows.
    page: Option<(String, Page)>,
}

impl<R: BufRead> Articles<R> {
    /// The articles in some bytes.
    ///
    /// # Errors
    /// When not even the first bytes can be read.
    pub fn of(bytes: R) -> Result<Self, ReadError> {
        Ok(Self { records: Records::of(bytes)?, page: None })
    }

    fn take(&mut self, record: &Record) -> Option<Result<Archived, ReadError>> {
        let content_type = record.field("Content-Type").unwrap_or_default();
        match record.kind() {
            "response" => {
                let url = record.field("WARC-Target-URI").unwrap_or_default();
                self.page = parse_response(url, record.block()).map(|page| (record.id().to_owned(), page));
                None
            }
            "metadata" if content_type == FETCHED => Some(self.article(record)),
            _ => None,
        }
    }

    fn article(&mut self, record: &Record) -> Result<Archived, ReadError> {
        let wrong = |reason: String| ReadError::Article(format!("{}: {reason}", record.id()));
        let fetched = Fetched::decode(record.block()).map_err(|error| wrong(error.to_string()))?;
        let Some(of) = record.field("WARC-Concurrent-To") else { return Ok(Archived { fetched, page: None }) };
        let page = self.page.take().filter(|(id, _)| id == of).map(|(_, page)| page);
        let is_page = fetched.document.kind == DocumentKind::Page;
        if is_page && page.is_none() {
            return Err(wrong(format!("its page, {of}, does not stand before it")));
        }
        Ok(Archived { fetched, page })
    }
}

impl<R: BufRead> Iterator for Articles<R> {
    type Item = Result<Archived, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.records.next()? {
                Ok(record) => {
                    if let Some(article) = self.take(&record) {
                        return Some(article);
                    }
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fetched() -> Fetched {
        Fetched::decode(include_bytes!("../../../proto/samples/fetched.json")).unwrap()
    }

    fn page() -> Page {
        let header = |name: &str, value: &[u8]| (name.to_owned(), value.to_vec());
        Page {
            url: "https://news.example/storm".to_owned(),
            status: 200,
            reason: "OK".to_owned(),
            headers: vec![
                header("Content-Type", b"text/html; charset=iso-8859-1"),
                header("transfer-encoding", b"chunked"),
                header("x-odd", b"\xff\xfe"),
            ],
            bytes: b"<html>\r\n\r\ncaf\xe9</html>".to_vec(),
        }
    }

    fn file(articles: &[(Fetched, Option<Page>)]) -> Vec<u8> {
        let info = Record::info("a.warc.gz", "test/1", jiff::Timestamp::UNIX_EPOCH);
        let mut bytes = Vec::new();
        info.write_gzip(&mut bytes).unwrap();
        for (fetched, page) in articles {
            for record in Archived::new(fetched, page.clone()).records(&info).unwrap() {
                assert_eq!(record.field("WARC-Warcinfo-ID"), Some(info.id()));
                record.write_gzip(&mut bytes).unwrap();
            }
        }
        bytes
    }

    #[test]
    fn an_article_comes_out_as_it_went_in() {
        let (with_page, from_feed) = (fetched(), fetched());
        let bytes = file(&[(with_page.clone(), Some(page())), (from_feed.clone(), None)]);
        let [first, second] =
            Articles::of(bytes.as_slice()).unwrap().map(Result::unwrap).collect::<Vec<_>>().try_into().unwrap();
        let found = first.page.unwrap();
        assert_eq!((&found.bytes, found.status, found.reason.as_str()), (&page().bytes, 200, "OK"));
        assert_eq!(found.content_type().unwrap(), "text/html; charset=iso-8859-1");
        let names: Vec<&str> = found.headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["Content-Type", "x-odd", "content-length"], "only what is true of the bytes");
        let mut without_body = with_page;
        without_body.document.body.clear();
        assert_eq!(first.fetched, without_body);
        assert_eq!(second, Archived { fetched: from_feed, page: None });
    }

    #[test]
    fn an_article_whose_page_is_missing_is_named_and_the_next_is_read() {
        let info = Record::info("a.warc.gz", "test/1", jiff::Timestamp::UNIX_EPOCH);
        let mut article = fetched();
        article.document.kind = DocumentKind::Page;
        let [_, metadata] = Archived::new(&article, Some(page())).records(&info).unwrap().try_into().unwrap();
        let mut bytes = Vec::new();
        metadata.write_gzip(&mut bytes).unwrap();
        bytes.extend(file(&[(article, Some(page()))]));
        let found: Vec<Result<Archived, ReadError>> = Articles::of(bytes.as_slice()).unwrap().collect();
        let [Err(error), Ok(_)] = &found[..] else { panic!("{found:?}") };
        assert!(error.to_string().contains("does not stand before it"), "{error}");
    }

    #[test]
    fn a_response_that_is_not_whole_is_none() {
        let whole = response(&page());
        assert!(parse_response("", &whole).is_some());
        for cut in 0..whole.len() {
            assert_eq!(parse_response("", &whole[..cut]), None, "{cut}");
        }
    }
}
