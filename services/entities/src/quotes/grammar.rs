//! The small words of English that tell a subject from what is none.

use crate::words::is_determiner;

/// What stands behind one of these is no subject: "a spokesman for Lee".
pub(super) fn is_preposition(word: &str) -> bool {
    const PREPOSITIONS: [&str; 25] = [
        "of",
        "for",
        "to",
        "with",
        "from",
        "by",
        "at",
        "in",
        "on",
        "about",
        "against",
        "between",
        "among",
        "under",
        "over",
        "during",
        "via",
        "near",
        "behind",
        "without",
        "including",
        "through",
        "outside",
        "inside",
        "into",
    ];
    PREPOSITIONS.contains(&word)
}

/// Prepositions that join what follows to the noun before them: "the head of the union".
pub(super) fn joins_nouns(word: &str) -> bool {
    matches!(word, "of" | "for" | "from" | "at" | "with")
}

/// Words that begin another clause.
pub(super) fn begins_clause(word: &str) -> bool {
    const CONJUNCTIONS: [&str; 22] = [
        "and", "but", "or", "as", "when", "while", "who", "which", "that", "because", "if", "although", "though",
        "after", "before", "since", "so", "where", "than", "whose", "until", "unless",
    ];
    CONJUNCTIONS.contains(&word)
}

pub(super) fn is_be(word: &str) -> bool {
    matches!(word, "is" | "are" | "was" | "were" | "be" | "been" | "being" | "am")
}

pub(super) fn is_auxiliary(word: &str) -> bool {
    const AUXILIARIES: [&str; 13] =
        ["has", "have", "had", "did", "does", "do", "will", "would", "may", "might", "could", "can", "should"];
    AUXILIARIES.contains(&word)
}

/// Words that may stand between a subject and its verb: "has also", "later went on to".
pub(super) fn is_filler(word: &str) -> bool {
    const ADVERBS: [&str; 36] = [
        "also",
        "then",
        "later",
        "once",
        "again",
        "still",
        "just",
        "even",
        "never",
        "often",
        "now",
        "today",
        "yesterday",
        "further",
        "first",
        "instead",
        "too",
        "soon",
        "always",
        "earlier",
        "recently",
        "himself",
        "herself",
        "themselves",
        "itself",
        "not",
        "only",
        "went",
        "goes",
        "on",
        "to",
        "quoted",
        "ago",
        "back",
        "twice",
        "there",
    ];
    is_auxiliary(word) || is_be(word) || ADVERBS.contains(&word) || (word.len() > 4 && word.ends_with("ly"))
}

pub(super) fn is_pronoun(word: &str) -> bool {
    matches!(word, "he" | "she" | "they" | "it" | "i" | "we" | "you")
}

/// Words that begin a noun phrase.
pub(super) fn begins_noun(word: &str) -> bool {
    const OTHERS: [&str; 14] = [
        "one", "another", "this", "some", "many", "several", "two", "three", "most", "other", "both", "these", "those",
        "no",
    ];
    is_determiner(word) || OTHERS.contains(&word)
}

/// Words between an article and a name that are no titles: "the late mayor Ann Poe".
pub(super) fn opens_name(word: &str) -> bool {
    matches!(word, "former" | "late" | "then" | "prime" | "foreign" | "fellow" | "both")
}

/// Verbs that stand before their subject: ", says Ann Poe,".
pub(super) fn inverts(verb: &str) -> bool {
    matches!(verb, "said" | "says" | "added" | "adds" | "wrote" | "writes" | "explained" | "explains")
}

/// What people and organizations say things in.
pub(super) fn is_document(word: &str) -> bool {
    const DOCUMENTS: [&str; 15] = [
        "statement",
        "letter",
        "report",
        "post",
        "tweet",
        "message",
        "email",
        "e-mail",
        "book",
        "memoir",
        "speech",
        "blog",
        "website",
        "note",
        "release",
    ];
    DOCUMENTS.contains(&word)
}

/// Verbs of indirect speech, after which direct speech of the same person often follows in a sentence of its own.
pub(super) fn reports(verb: &str) -> bool {
    const VERBS: [&str; 36] = [
        "said",
        "says",
        "saying",
        "told",
        "tells",
        "added",
        "adds",
        "argued",
        "argues",
        "believes",
        "thinks",
        "explained",
        "explains",
        "recalled",
        "recalls",
        "noted",
        "notes",
        "insisted",
        "insists",
        "acknowledged",
        "acknowledges",
        "admitted",
        "admits",
        "warned",
        "warns",
        "claimed",
        "claims",
        "stressed",
        "complained",
        "promised",
        "vowed",
        "suggested",
        "predicted",
        "contends",
        "conceded",
        "described",
    ];
    VERBS.contains(&verb)
}
