//! The commands and their flags.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use tallywire_runtime::service::Flags;

use crate::{
    config::ConfigCommand, connection::Connection, credentials::CredentialsArguments, dead::DeadCommand,
    feeds::FeedsCommand, replay::ReplayArguments,
};

/// News feeds as records: people, organizations, places and every figure of each article, over NATS and as JSON.
#[derive(Parser)]
#[command(name = "tallywire", version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Run the whole pipeline in this process, on a NATS server of its own
    #[command(after_help = "Examples:
  tallywire up --sample --print                 a made-up newspaper, to see it work
  tallywire up --feeds feeds.toml               your feeds; articles go to out/enriched/<date>/
  tallywire up --feeds feeds.toml --nats nats://queue:4222
  tallywire up --feeds feeds.toml --set fetcher.host_delay=2s")]
    Up(UpArguments),
    /// Enrich a page or text without a broker: JSON out
    #[command(after_help = "Examples:
  tallywire enrich article.html
  tallywire enrich https://news.example/article
  curl -s https://news.example/article | tallywire enrich -
  tallywire enrich --ndjson --threads 2 - < pages.jsonl > enriched.jsonl

With --ndjson a line is {\"id\", \"url\", \"html\"}, {\"id\", \"url\", \"page_text\"} or {\"id\", \"text\"}, each with an
optional \"published_at\". A page is cleaned; a text is the article's text as it is.")]
    Enrich(EnrichArguments),
    /// Manage feeds.toml, and look at feeds
    #[command(after_help = "Examples:
  tallywire feeds add https://news.example/rss --interval 5m
  tallywire feeds check
  tallywire feeds import subscriptions.opml
  tallywire feeds parse feed.xml")]
    Feeds {
        #[command(subcommand)]
        command: FeedsCommand,
        /// The file that lists the feeds
        #[arg(long, global = true, value_name = "FILE", default_value = "feeds.toml")]
        file: PathBuf,
    },
    /// Follow enriched articles, or single figures
    #[command(after_help = "Examples:
  tallywire tail                                every article, readable
  tallywire tail articles.enriched.en.>         those in English
  tallywire tail --json | jq .title             as JSON, a line each
  tallywire tail 'figures.count.killed.>'       a table of how many were killed, everywhere
  tallywire tail 'figures.money.*.PE'           of money in Peru
  tallywire tail --all                          those that the server still keeps, first")]
    Tail(TailArguments),
    /// Queues, consumers' lag, feeds that fail, and since when
    Status(Connection),
    /// Messages that a stage gave up on
    #[command(after_help = "Examples:
  tallywire dead list
  tallywire dead show 12
  tallywire dead requeue --all
  tallywire dead drop 12 13")]
    Dead {
        #[command(subcommand)]
        command: DeadCommand,
        #[command(flatten)]
        connection: Connection,
    },
    /// Take articles through a stage again: from an archive of pages, or those that the server still keeps
    #[command(after_help = "Examples:
  tallywire replay --archive out/archive                    every page, through all stages
  tallywire replay --archive s3://news/archive --feed bbc   of one feed, from a bucket
  tallywire replay --since 2h --from-stage figures          what was read in the last two hours, figures anew
  tallywire replay --archive out/archive --dry-run          only say how many

Subscribers get each article again, with the next revision. Only the newest revision of an article is taken. A run that
is interrupted goes on when it is started again with the same --run; the same run twice does nothing twice.")]
    Replay(ReplayArguments),
    /// Create the streams, buckets and consumers, or bring them to the configuration
    #[command(after_help = "Needs a user that may: admin. The services need not, with streams.provision = false.

Example:
  tallywire provision --nats tls://queue:4222 --set nats.ca_file=ca.pem --set nats.nkey_file=admin.nk")]
    Provision(Flags),
    /// Make a user for each service, and tell the NATS server what each may do
    #[command(after_help = "Examples:
  tallywire credentials --out credentials                       a seed a user, and users.conf for the server
  tallywire credentials --out credentials --listener paper      one more, for a program that listens

Seeds that are there stay. docs/security.md says what to do with them.")]
    Credentials(CredentialsArguments),
    /// Check or print the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Serve the sample newspaper: a dozen made-up articles and their feeds
    Sample {
        /// Address and port; port 0 for a free one
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: String,
        /// Where to write a feeds.toml for it
        #[arg(long, value_name = "FILE")]
        feeds: Option<PathBuf>,
    },
    /// Print completions for a shell
    #[command(after_help = "Example:\n  tallywire completions bash > /etc/bash_completion.d/tallywire")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Become a NATS server that ends with the process that started it
    #[command(name = "nats-server", hide = true)]
    NatsServer {
        /// The program and its arguments
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        arguments: Vec<String>,
    },
}

#[derive(Args)]
pub(crate) struct UpArguments {
    /// The file that lists the feeds, reread when it changes (key fetcher.feeds) [default: feeds.toml]
    #[arg(long, value_name = "FILE")]
    pub(crate) feeds: Option<PathBuf>,
    /// Serve the sample newspaper on loopback, and read it
    #[arg(long, conflicts_with = "feeds")]
    pub(crate) sample: bool,
    /// Where the queue and all that is remembered lie
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub(crate) data: PathBuf,
    /// Where enriched articles go (key sink.out)
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Print each article, readable
    #[arg(long)]
    pub(crate) print: bool,
    /// End when so many articles have been printed or written
    #[arg(long, value_name = "N")]
    pub(crate) count: Option<u64>,
    #[command(flatten)]
    pub(crate) flags: Flags,
}

#[derive(Args)]
pub(crate) struct EnrichArguments {
    /// A file, an address, or - for standard input
    #[arg(value_name = "FILE|URL|-", default_value = "-")]
    pub(crate) input: String,
    /// Read and write an object a line, in order
    #[arg(long)]
    pub(crate) ndjson: bool,
    /// Threads, with --ndjson [default: one a core]
    #[arg(long, value_name = "N", requires = "ndjson", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    /// Print the article readable, not as JSON
    #[arg(long, conflicts_with = "ndjson")]
    pub(crate) readable: bool,
    #[command(flatten)]
    pub(crate) flags: Flags,
}

#[derive(Args)]
pub(crate) struct TailArguments {
    /// The subjects to follow
    #[arg(default_value = tallywire_proto::subject::ENRICHED_ALL)]
    pub(crate) subject: String,
    /// Print JSON, an article or figure a line
    #[arg(long)]
    pub(crate) json: bool,
    /// Begin with all that the server still keeps
    #[arg(long)]
    pub(crate) all: bool,
    /// End after so many articles or figures
    #[arg(long, value_name = "N")]
    pub(crate) count: Option<u64>,
    #[command(flatten)]
    pub(crate) connection: Connection,
}
