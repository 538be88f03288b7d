//! Who may do what on the broker: a user a service, each with what its work takes and nothing more.
//!
//! What a service needs stands in [`User::needs`], once. From it follow the permissions of its user ([`Permissions`]),
//! what it waits for at its start where it may create nothing (`streams.provision`), and the durable consumers that
//! `tallywire provision` creates.

mod permissions;

use tallywire_proto::subject::{FEEDS_BUCKET, HUBS_BUCKET, SEEN_BUCKET, SITES_BUCKET, Stream, WRITTEN_BUCKET};

pub use permissions::{Permissions, inbox_prefix};

/// A user of the broker.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum User {
    /// The fetcher.
    Fetcher,
    /// The cleaner.
    Cleaner,
    /// The entities stage.
    Entities,
    /// The figures stage.
    Figures,
    /// The sink.
    Sink,
    /// The operator at the command line: creates streams, looks into all of them, sends dead letters back.
    Admin,
    /// A program that reads what the pipeline publishes, also what it missed, through consumers of its own.
    Subscriber,
    /// A program that hears what the pipeline publishes while it listens, and can send nothing at all.
    Listener,
}

/// What a service needs to be there before it can work.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Needs {
    /// The stream that it reads, through the durable consumer of its own name. What it gives up on goes to DEAD.
    pub reads: Option<Stream>,
    /// The streams that it publishes to, beside DEAD.
    pub writes: &'static [Stream],
    /// The key-value buckets that it reads and writes. No bucket has two services.
    pub buckets: &'static [&'static str],
    /// What it does with bodies over the inline limit.
    pub bodies: Bodies,
}

/// What a service does with bodies over the inline limit.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Bodies {
    /// It puts bodies into the object store.
    pub puts: bool,
    /// It takes bodies out of it.
    pub takes: bool,
}

impl User {
    /// All users.
    pub const ALL: [Self; 8] = [
        Self::Fetcher,
        Self::Cleaner,
        Self::Entities,
        Self::Figures,
        Self::Sink,
        Self::Admin,
        Self::Subscriber,
        Self::Listener,
    ];

    /// Its name: that of the service, of the service's durable consumer, and of the file with its seed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fetcher => "fetcher",
            Self::Cleaner => "cleaner",
            Self::Entities => "entities",
            Self::Figures => "figures",
            Self::Sink => "sink",
            Self::Admin => "admin",
            Self::Subscriber => "subscriber",
            Self::Listener => "listener",
        }
    }

    /// The user of that name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|user| user.name() == name)
    }

    /// What its work takes; nothing for users that are no service.
    pub const fn needs(self) -> Needs {
        let nothing = Needs { reads: None, writes: &[], buckets: &[], bodies: Bodies { puts: false, takes: false } };
        match self {
            Self::Fetcher => Needs {
                writes: &[Stream::Fetched],
                buckets: &[FEEDS_BUCKET, HUBS_BUCKET, SEEN_BUCKET],
                bodies: Bodies { puts: true, takes: false },
                ..nothing
            },
            Self::Cleaner => Needs {
                reads: Some(Stream::Fetched),
                writes: &[Stream::Cleaned],
                buckets: &[SITES_BUCKET],
                bodies: Bodies { puts: true, takes: true },
            },
            Self::Entities => Needs {
                reads: Some(Stream::Cleaned),
                writes: &[Stream::Tagged],
                bodies: Bodies { puts: true, takes: true },
                ..nothing
            },
            Self::Figures => Needs {
                reads: Some(Stream::Tagged),
                writes: &[Stream::Enriched, Stream::Figures],
                bodies: Bodies { puts: false, takes: true },
                ..nothing
            },
            Self::Sink => Needs { reads: Some(Stream::Enriched), buckets: &[WRITTEN_BUCKET], ..nothing },
            Self::Admin | Self::Subscriber | Self::Listener => nothing,
        }
    }
}

/// The services that read a stream, in the order of an article's way. The durable consumer has the service's name.
pub fn stages() -> impl Iterator<Item = (&'static str, Stream)> {
    User::ALL.into_iter().filter_map(|user| Some((user.name(), user.needs().reads?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stream_and_bucket_has_one_writer_and_each_hop_one_reader() {
        let services: Vec<Needs> = User::ALL.into_iter().map(User::needs).collect();
        for stream in Stream::ALL {
            let writers = services.iter().filter(|needs| needs.writes.contains(&stream)).count();
            // Every stage buries its own dead letters.
            assert_eq!(writers, usize::from(stream != Stream::Dead), "{stream:?}");
            let readers = services.iter().filter(|needs| needs.reads == Some(stream)).count();
            assert!(readers == 1 || !stream.is_work_queue() && readers <= 1, "{stream:?}");
        }
        for bucket in [FEEDS_BUCKET, HUBS_BUCKET, SEEN_BUCKET, SITES_BUCKET, WRITTEN_BUCKET] {
            assert_eq!(services.iter().filter(|needs| needs.buckets.contains(&bucket)).count(), 1, "{bucket}");
        }
    }

    #[test]
    fn stages_come_in_the_order_of_an_articles_way() {
        let names: Vec<_> = stages().collect();
        let order = [Stream::Fetched, Stream::Cleaned, Stream::Tagged, Stream::Enriched];
        assert_eq!(names, ["cleaner", "entities", "figures", "sink"].into_iter().zip(order).collect::<Vec<_>>());
    }
}
