//! The figures that an article states, and the times that it names.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

/// A figure, as a record that stands on its own.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Figure {
    /// Unique within the article: `f1`, `f2`, ...
    pub id: String,
    /// What sort of figure it is.
    pub kind: FigureKind,
    /// First code point of the whole phrase.
    pub start: usize,
    /// One past the last code point of the whole phrase.
    pub end: usize,
    /// The whole phrase: "at least seven people".
    pub text: String,
    /// The value, or its bounds.
    pub value: Value,
    /// How exact the article says it is.
    pub modifier: Modifier,
    /// Up for what rose, down for what fell.
    pub direction: Option<Direction>,
    /// What it is measured in; all null where it is a bare number or a count.
    pub unit: Unit,
    /// The value in SI units, for measures.
    pub si: Option<Si>,
    /// What is counted.
    pub counted: Option<Counted>,
    /// What happened to what is counted.
    pub event: Option<Event>,
    /// The id of the place entity that it belongs to.
    pub place: Option<String>,
    /// Index into the article's `times` of the time that it belongs to.
    pub time: Option<usize>,
    /// Who said so.
    pub source: Option<Source>,
    /// How it relates to another figure of the article.
    pub relation: Option<Relation>,
    /// From 0 to 1: how sure Tallywire is that the record is right.
    pub confidence: f64,
}

/// What sort of figure it is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureKind {
    /// So many of something: "seven people".
    Count,
    /// A quantity with a physical unit: "12 kilometres".
    Measure,
    /// An amount of money: "$1.2bn".
    Money,
    /// A share in per cent: "40 per cent".
    Percent,
    /// A difference: "rose by 3 points".
    Change,
    /// One quantity against another: "one in five", "twice".
    Ratio,
    /// The age of someone or something.
    Age,
    /// A position in an order: "third largest".
    Rank,
    /// The score of a game or a vote: "3-1".
    Score,
}

impl FigureKind {
    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Measure => "measure",
            Self::Money => "money",
            Self::Percent => "percent",
            Self::Change => "change",
            Self::Ratio => "ratio",
            Self::Age => "age",
            Self::Rank => "rank",
            Self::Score => "score",
        }
    }
}

/// The value of a figure. A point has `low` equal to `high`; an open bound is null.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Value {
    /// The least it can be; null where it is open downwards.
    pub low: Option<Number>,
    /// The most it can be; null where it is open upwards.
    pub high: Option<Number>,
}

impl Value {
    /// A value that is known to the point.
    pub fn point(value: f64) -> Self {
        Self { low: Some(Number(value)), high: Some(Number(value)) }
    }

    /// A value between two bounds, given in either order.
    pub fn range(one: f64, other: f64) -> Self {
        Self { low: Some(Number(one.min(other))), high: Some(Number(one.max(other))) }
    }

    /// `low`, or `high` where `low` is open.
    pub fn any(self) -> Option<f64> {
        self.low.or(self.high).map(|number| number.0)
    }
}

/// A finite number, written in JSON without a fraction where it has none: `7`, not `7.0`.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, PartialOrd)]
#[serde(transparent)]
pub struct Number(pub f64);

/// Integers up to this are exact in a double (IEEE 754 binary64: 2^53).
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.fract() == 0.0 && self.0.abs() < EXACT {
            serializer.serialize_i64(self.0 as i64)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

/// How exact a figure is said to be.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Modifier {
    /// Nothing is said about it.
    #[default]
    Exact,
    /// "about", "nearly", "some".
    About,
    /// "at least", "no fewer than".
    AtLeast,
    /// "more than", "over".
    MoreThan,
    /// "at most", "no more than".
    AtMost,
    /// "less than", "fewer than", "under".
    LessThan,
    /// "up to", "as many as".
    UpTo,
    /// "dozens", "scores", "several".
    Vague,
}

/// The way that something changed.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// It rose.
    Up,
    /// It fell.
    Down,
}

/// What a figure is measured in.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Unit {
    /// The unit's name in the singular: "kilometre", "percentage", "dollar".
    pub name: Option<String>,
    /// Its code in the Unified Code for Units of Measure: "km".
    pub ucum: Option<String>,
    /// ISO 4217 code of the currency: "USD".
    pub currency: Option<String>,
    /// Whether the currency is not named, but follows from who published the article or which countries it names:
    /// whose "$" it is.
    pub currency_inferred: bool,
    /// What it is a rate of: "hour", "100,000 people".
    pub per: Option<String>,
}

/// A measure in SI units.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Si {
    /// The value; the lower bound of a range.
    pub value: Number,
    /// The unit as a UCUM code: "m", "kg", "K".
    pub unit: String,
}

/// What is counted.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Counted {
    /// The noun: "conscripts".
    pub head: String,
    /// The noun with its adjectives: "new conscripts".
    pub phrase: String,
    /// The phrase in the singular: "new conscript".
    pub lemma: String,
}

/// What happened to what is counted.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Event {
    /// The class of what happened: "killed", "injured", "displaced".
    pub class: String,
    /// The word that says so: "died".
    pub trigger: String,
    /// Whether it is said to have happened.
    pub status: EventStatus,
}

impl Event {
    /// Its class, with its status behind it where it did not happen: `killed`, `killed-denied`.
    pub fn label(&self) -> String {
        match self.status {
            EventStatus::Actual => self.class.clone(),
            status => format!("{}-{}", self.class, status.name()),
        }
    }
}

/// Whether an event is said to have happened.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventStatus {
    /// It happened, or is said to.
    #[default]
    Actual,
    /// It did not happen: "no one was hurt".
    Negated,
    /// It is to happen: "will lay off".
    Planned,
    /// Somebody denies it.
    Denied,
    /// It may have happened, or may happen: "feared dead", "could have killed".
    Possible,
}

impl EventStatus {
    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Actual => "actual",
            Self::Negated => "negated",
            Self::Planned => "planned",
            Self::Denied => "denied",
            Self::Possible => "possible",
        }
    }
}

/// Who stated a figure.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Source {
    /// First code point of the words beside the cue that stand for the source: a name, a noun phrase, a pronoun.
    pub start: usize,
    /// One past the last code point of these words.
    pub end: usize,
    /// The source's name without title or article, else its noun phrase; where the words are a pronoun, what it leads
    /// back to.
    pub name: String,
    /// The id of the source among the article's entities, if it is one.
    pub entity: Option<String>,
    /// The word that attributes the figure to it: "said", "according to".
    pub cue: String,
}

/// How a figure relates to another one.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Relation {
    /// The relation of this figure to the other.
    #[serde(rename = "type")]
    pub kind: RelationKind,
    /// The other figure's id.
    pub figure: String,
}

/// A relation between figures.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// This one is contained in the other: "four of the twelve".
    PartOf,
    /// This one comes on top of the other: "and five more".
    AdditionalTo,
    /// This is what the other changed from.
    From,
    /// This is what the other changed to.
    To,
    /// The same figure stated again.
    SameAs,
}

/// A time that the article names.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct TimeExpression {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// The words as they stand in the text: "Thursday".
    pub text: String,
    /// Its type in TIMEX3.
    #[serde(rename = "type")]
    pub kind: TimeKind,
    /// Its value in TIMEX3, resolved to the publication date ("2023-03-09", "P2D"); null where it cannot be.
    pub value: Option<String>,
}

/// The types of TIMEX3 (`TimeML` 1.2.1).
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeKind {
    /// A day, month, year, ...
    Date,
    /// A time of day.
    Time,
    /// A stretch of time.
    Duration,
    /// A recurring time: "every Tuesday".
    Set,
}
