use proptest::prelude::*;

use super::*;

fn read(html: &str) -> Vec<(ParagraphKind, String)> {
    fragment(html).unwrap().into_iter().map(|block| (block.kind, block.text)).collect()
}

fn texts(html: &str) -> Vec<String> {
    read(html).into_iter().map(|(_, text)| text).collect()
}

#[test]
fn inline_markup_neither_glues_nor_splits() {
    assert_eq!(texts("<p>The <b>Hy</b>dra <i>rose</i>,\n  said <a href=x>Ono</a>.</p>"), ["The Hydra rose, said Ono."]);
    assert_eq!(texts("co\u{ad}operate&nbsp;&nbsp;now &amp;lt; then"), ["cooperate now &lt; then"]);
    assert_eq!(texts("<p>北京<b>日报</b>报道</p><p dir=rtl>سلام <i>دنیا</i></p>"), ["北京日报报道", "سلام دنیا"]);
}

#[test]
fn a_break_is_a_line_and_two_are_a_paragraph() {
    assert_eq!(texts("<div>one <br> two<br><br/>three<br></div>"), ["one\ntwo", "three"]);
    let page = html::parse("<p>one<br>two<p>three").unwrap();
    let found = lines(page.root());
    assert_eq!(found.lines.iter().map(|line| line.continues).collect::<Vec<_>>(), [false, true, false]);
}

#[test]
fn text_between_blocks_is_a_block() {
    assert_eq!(texts("<div>before<p>inside</p>after</div>"), ["before", "inside", "after"]);
}

#[test]
fn kinds_follow_the_innermost_element() {
    use ParagraphKind::{Heading, ListItem, Paragraph, Preformatted, Quote, TableRow};
    assert_eq!(
        read(
            "<h2>Head</h2><ul><li>item<p>more</p></li></ul><blockquote><p>said</p></blockquote>\
             <table><tr><th>Town</th><td>12</td></tr><tr><td><p>Laid out.</p></td></tr></table>\
             <pre>a\n  b</pre><p>end</p>"
        ),
        [
            (Heading, "Head".into()),
            (ListItem, "item".into()),
            (ListItem, "more".into()),
            (Quote, "said".into()),
            (TableRow, "Town\t12".into()),
            (Paragraph, "Laid out.".into()),
            (Preformatted, "a\n  b".into()),
            (Paragraph, "end".into()),
        ]
    );
}

#[test]
fn what_is_no_text_is_skipped() {
    assert_eq!(texts("<style>p{}</style>a<script>b()</script><!-- c --><select><option>d</select>"), ["a"]);
}

#[test]
fn what_has_a_place_in_the_line_keeps_words_apart() {
    assert_eq!(
        texts("<p>one<img src=x>two<button>x</button>three<script>x</script>four<iframe></iframe>!</p>"),
        ["one two threefour !"]
    );
    assert_eq!(texts("<x-p>One.</x-p><x-p>Two.</x-p>"), ["One. Two."]);
    assert_eq!(texts("<ruby>漢字<rp>(</rp><rt>かんじ</rt></ruby>"), ["漢字"]);
    assert_eq!(texts("<x-y><template shadowrootmode=open><p>a</p></template></x-y><template>b</template>"), ["a"]);
}

#[test]
fn a_paragraph_is_no_heading() {
    use ParagraphKind::{Heading, Paragraph};
    assert_eq!(read("<h2>Damage<p>It rained.</p>"), [(Heading, "Damage".into()), (Paragraph, "It rained.".into())]);
}

#[test]
fn a_text_with_markup_is_read_as_such() {
    let texts = |text| of_text(text).into_iter().map(|block| block.text).collect::<Vec<_>>();
    assert_eq!(texts("One.\nTwo &amp; three."), ["One.", "Two & three."]);
    assert_eq!(texts("<p class=x\nid=y>One\nline.</p><p>Two.</p>"), ["One line.", "Two."]);
    assert_eq!(texts("One.\n\nTwo."), ["One.", "Two."]);
}

#[test]
fn links_are_measured() {
    let page = html::parse("<p>one <a href=x>two three</a></p><a href=y><div>four</div></a><a name=z>").unwrap();
    let linked: Vec<(u32, usize)> = lines(page.root()).lines.iter().map(|line| (line.linked, line.len())).collect();
    assert_eq!(linked, [(10, 13), (4, 4)]);
}

proptest! {
    #[test]
    fn blocks_are_trimmed_and_not_empty(html in "(<(/?(p|div|b|br|td|tr|table|li|pre|h2))>|[a-z é&\u{a0}\n]){0,40}") {
        for text in texts(&html) {
            prop_assert!(!text.is_empty());
            prop_assert_eq!(text.trim(), text.as_str());
        }
    }
}
