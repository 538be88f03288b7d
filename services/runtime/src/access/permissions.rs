//! What a user may publish and subscribe to, as the server is told it.
//!
//! `JetStream` is asked by publishing: each right is the subject of a request. They are those of nats-server 2.14 (NATS
//! ADR-1, ADR-8, ADR-20) that the client sends; the tests in `tests/e2e/security` try them all, and what they leave out.

use tallywire_proto::subject::{self, ENRICHED_ALL, FIGURES_ALL, PAGES_BUCKET, STATUS_ALL, Stream};

use super::{Bodies, Needs, User, stages};

/// The subjects that a user may publish and subscribe to.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Permissions {
    /// What it may publish on.
    pub publish: Vec<String>,
    /// Of these, what it may not.
    pub publish_never: Vec<String>,
    /// What it may subscribe to.
    pub subscribe: Vec<String>,
}

/// What the subjects of a client's replies begin with. It is made of the user's public key, which both sides know: no
/// user can hear another's replies.
pub fn inbox_prefix(public_key: &str) -> String {
    format!("_INBOX_{public_key}")
}

impl User {
    /// What this user may do; the public key is that of its `NKey`.
    pub fn permissions(self, public_key: &str) -> Permissions {
        let mut permissions = match self {
            Self::Admin => admin(),
            Self::Subscriber => subscriber(),
            Self::Listener => {
                Permissions { publish_never: texts(&[">"]), subscribe: public(), ..Permissions::default() }
            }
            service => of_service(service),
        };
        if self != Self::Listener {
            permissions.subscribe.push(format!("{}.>", inbox_prefix(public_key)));
        }
        permissions
    }
}

/// What users subscribe to.
fn public() -> Vec<String> {
    texts(&[ENRICHED_ALL, FIGURES_ALL, STATUS_ALL])
}

/// Everything of Tallywire's. The server's own subjects, `$SYS.>`, are not among it.
fn admin() -> Permissions {
    Permissions {
        publish: texts(&["$JS.API.>", "$JS.ACK.>", "$JS.FC.>", "$KV.>", "$O.>", "articles.>", FIGURES_ALL, "feeds.>"]),
        subscribe: texts(&["articles.>", FIGURES_ALL, "feeds.>"]),
        ..Permissions::default()
    }
}

/// Consumers of its own on the streams for subscribers; never those of the pipeline. Their name must stand in the subject
/// of the request: with one that stands in the body alone, nats-server 2.15 would let the sink's consumer be changed.
fn subscriber() -> Permissions {
    let mut permissions = Permissions { subscribe: public(), ..Permissions::default() };
    // Clients look up by subject which stream it is in.
    permissions.publish.push("$JS.API.STREAM.NAMES".to_owned());
    for stream in [Stream::Enriched, Stream::Figures] {
        let name = stream.name();
        permissions.publish.extend([
            format!("$JS.API.STREAM.INFO.{name}"),
            format!("$JS.API.CONSUMER.CREATE.{name}.>"),
            format!("$JS.API.CONSUMER.DURABLE.CREATE.{name}.*"),
            format!("$JS.API.CONSUMER.INFO.{name}.*"),
            format!("$JS.API.CONSUMER.DELETE.{name}.*"),
            format!("$JS.API.CONSUMER.MSG.NEXT.{name}.*"),
            format!("$JS.ACK.{name}.>"),
            format!("$JS.FC.{name}.>"),
        ]);
        for (stage, _) in stages().filter(|(_, reads)| *reads == stream) {
            permissions.publish_never.extend([
                format!("$JS.API.CONSUMER.*.{name}.{stage}"),
                format!("$JS.API.CONSUMER.*.{name}.{stage}.>"),
                format!("$JS.API.CONSUMER.*.*.{name}.{stage}"),
                format!("$JS.ACK.{name}.{stage}.>"),
                format!("$JS.FC.{name}.{stage}.>"),
            ]);
        }
    }
    permissions
}

fn of_service(user: User) -> Permissions {
    let Needs { reads, writes, buckets, bodies } = user.needs();
    let mut publish = Vec::new();
    for stream in writes {
        publish.extend([stream.subjects().to_owned(), stream_info(stream.name())]);
    }
    if user == User::Fetcher {
        publish.push(STATUS_ALL.to_owned());
    }
    if let Some(stream) = reads {
        let (name, consumer) = (stream.name(), user.name());
        publish.extend([
            stream_info(name),
            format!("$JS.API.CONSUMER.INFO.{name}.{consumer}"),
            format!("$JS.API.CONSUMER.MSG.NEXT.{name}.{consumer}"),
            format!("$JS.ACK.{name}.{consumer}.>"),
            subject::dead(consumer),
            stream_info(Stream::Dead.name()),
        ]);
    }
    for bucket in buckets {
        let stream = format!("KV_{bucket}");
        publish.extend([
            format!("$KV.{bucket}.>"),
            stream_info(&stream),
            format!("$JS.API.DIRECT.GET.{stream}.$KV.{bucket}.>"),
        ]);
    }
    publish.extend(of_bodies(bodies));
    Permissions { publish, ..Permissions::default() }
}

fn of_bodies(bodies: Bodies) -> Vec<String> {
    let (bucket, stream) = (PAGES_BUCKET, format!("OBJ_{PAGES_BUCKET}"));
    let mut publish = Vec::new();
    if bodies.puts || bodies.takes {
        // Whoever puts a body deletes it again where the message was a copy; whoever takes one, when it is done.
        publish.extend([
            stream_info(&stream),
            format!("$JS.API.DIRECT.GET.{stream}.$O.{bucket}.M.>"),
            format!("$O.{bucket}.M.>"),
            format!("$JS.API.STREAM.PURGE.{stream}"),
        ]);
    }
    if bodies.puts {
        publish.push(format!("$O.{bucket}.C.>"));
    }
    if bodies.takes {
        // An object is read through a consumer that the server forgets by itself.
        publish.extend([
            format!("$JS.API.CONSUMER.CREATE.{stream}"),
            format!("$JS.API.CONSUMER.DELETE.{stream}.*"),
            format!("$JS.FC.{stream}.>"),
        ]);
    }
    publish
}

fn stream_info(stream: &str) -> String {
    format!("$JS.API.STREAM.INFO.{stream}")
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a subject is one of those that a pattern stands for.
    fn matches(pattern: &str, subject: &str) -> bool {
        let mut tokens = subject.split('.');
        for part in pattern.split('.') {
            match (part, tokens.next()) {
                (">", Some(_)) => return true,
                ("*", Some(_)) => {}
                (part, Some(token)) if part == token => {}
                _ => return false,
            }
        }
        tokens.next().is_none()
    }

    fn may_publish(user: User, subject: &str) -> bool {
        let permissions = user.permissions("UKEY");
        let is_in = |list: &[String]| list.iter().any(|pattern| matches(pattern, subject));
        is_in(&permissions.publish) && !is_in(&permissions.publish_never)
    }

    #[test]
    fn only_its_service_publishes_on_a_hop_and_answers_for_its_consumer() {
        for user in User::ALL {
            let needs = user.needs();
            for stream in Stream::ALL {
                let subject = stream.subjects().replace('>', "x");
                let may = user == User::Admin || needs.writes.contains(&stream);
                assert_eq!(may_publish(user, &subject), may, "{user:?} on {subject}");
            }
            for (stage, stream) in stages() {
                let may = user == User::Admin || user.name() == stage;
                for subject in [
                    format!("$JS.ACK.{}.{stage}.1.2.3.4.5", stream.name()),
                    format!("$JS.API.CONSUMER.MSG.NEXT.{}.{stage}", stream.name()),
                ] {
                    assert_eq!(may_publish(user, &subject), may, "{user:?} on {subject}");
                }
            }
        }
    }

    #[test]
    fn only_the_admin_changes_streams_and_the_pipelines_consumers() {
        for user in User::ALL.into_iter().filter(|user| *user != User::Admin) {
            for stream in Stream::ALL.map(Stream::name) {
                for verb in ["CREATE", "UPDATE", "DELETE", "PURGE", "MSG.DELETE", "MSG.GET", "RESTORE", "SNAPSHOT"] {
                    assert!(!may_publish(user, &format!("$JS.API.STREAM.{verb}.{stream}")), "{user:?} {verb} {stream}");
                }
            }
            for (stage, stream) in stages().map(|(stage, stream)| (stage, stream.name())) {
                for verb in ["CREATE", "DURABLE.CREATE", "DELETE", "PAUSE", "RESET", "UNPIN", "LEADER.STEPDOWN"] {
                    let subject = format!("$JS.API.CONSUMER.{verb}.{stream}.{stage}");
                    assert!(!may_publish(user, &subject), "{user:?} {subject}");
                    assert!(!may_publish(user, &format!("{subject}.articles.>")), "{user:?} {subject}");
                }
            }
        }
    }

    #[test]
    fn a_listener_can_send_nothing() {
        for subject in ["articles.enriched.en.x", "$JS.API.INFO", "_INBOX_UKEY.1", "x"] {
            assert!(!may_publish(User::Listener, subject));
        }
    }

    #[test]
    fn nobody_hears_the_replies_to_another() {
        for user in User::ALL {
            let heard = user.permissions("UONE").subscribe;
            assert!(!heard.iter().any(|pattern| matches(pattern, "_INBOX_UTWO.1.2")), "{user:?}");
            assert!(!heard.iter().any(|pattern| matches(pattern, "_INBOX.1.2")), "{user:?}");
        }
    }
}
