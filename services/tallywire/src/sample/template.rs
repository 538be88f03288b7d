//! A small part of Mustache (<https://mustache.github.io/mustache.5.html>), which is all that the sample needs.
//!
//! `{{name}}` is a value, escaped for HTML and XML alike; `{{{name}}}` a value as it is; `{{#name}}...{{/name}}` what
//! is repeated for each item of a list, written once for an object or true, and left out for null or false;
//! `{{! ... }}` a comment. Other than in Mustache a name that is unknown is an error, a section cannot hold a section
//! of its own name, and blank lines are dropped from the result.

use serde_json::Value;

use super::SampleError;

/// A template and the file that it is from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Template {
    /// The file's path below `sample/`.
    pub(super) name: &'static str,
    /// Its text.
    pub(super) text: &'static str,
}

impl Template {
    /// Fills the template. A name is looked up in the last scope first.
    pub(super) fn render(&self, scopes: &[&Value]) -> Result<String, SampleError> {
        let mut filled = String::with_capacity(2 * self.text.len());
        self.fill(self.text, &mut scopes.to_vec(), &mut filled)?;
        Ok(filled.lines().filter(|line| !line.trim().is_empty()).flat_map(|line| [line, "\n"]).collect())
    }

    /// Recurses as deep as the template's sections are nested: templates are compiled in, not input.
    fn fill(&self, text: &str, scopes: &mut Vec<&Value>, filled: &mut String) -> Result<(), SampleError> {
        let mut rest = text;
        while let Some((before, tag_and_after)) = rest.split_once("{{") {
            filled.push_str(before);
            if let Some(raw) = tag_and_after.strip_prefix('{') {
                let (name, after) = raw.split_once("}}}").ok_or_else(|| self.fault("a {{{ without }}}"))?;
                filled.push_str(&self.text_of(name, scopes)?);
                rest = after;
                continue;
            }
            let (tag, after) = tag_and_after.split_once("}}").ok_or_else(|| self.fault("a {{ without }}"))?;
            rest = after;
            if let Some(name) = tag.strip_prefix('#') {
                let (section, after_section) = after
                    .split_once(&format!("{{{{/{name}}}}}"))
                    .ok_or_else(|| self.fault(&format!("the section {name} has no end")))?;
                rest = after_section;
                self.fill_section(section, self.look_up(name, scopes)?, scopes, filled)?;
            } else if !tag.starts_with('!') {
                escape_into(&self.text_of(tag, scopes)?, filled);
            }
        }
        filled.push_str(rest);
        Ok(())
    }

    fn fill_section<'a>(
        &self,
        section: &str,
        value: &'a Value,
        scopes: &mut Vec<&'a Value>,
        filled: &mut String,
    ) -> Result<(), SampleError> {
        let items = match value {
            Value::Null | Value::Bool(false) => &[],
            Value::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        };
        for item in items {
            scopes.push(item);
            self.fill(section, scopes, filled)?;
            scopes.pop();
        }
        Ok(())
    }

    fn look_up<'a>(&self, name: &str, scopes: &[&'a Value]) -> Result<&'a Value, SampleError> {
        let found = scopes.iter().rev().find_map(|scope| scope.get(name));
        found.ok_or_else(|| self.fault(&format!("nothing is called {name:?} here")))
    }

    fn text_of(&self, name: &str, scopes: &[&Value]) -> Result<String, SampleError> {
        match self.look_up(name, scopes)? {
            Value::String(text) => Ok(text.clone()),
            Value::Number(number) => Ok(number.to_string()),
            _ => Err(self.fault(&format!("{name:?} is no text"))),
        }
    }

    fn fault(&self, reason: &str) -> SampleError {
        SampleError::Template { file: self.name, reason: reason.to_owned() }
    }
}

/// Escapes what HTML and XML, in text and in attributes, must have escaped.
fn escape_into(text: &str, escaped: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn render(text: &'static str, value: &Value) -> Result<String, SampleError> {
        Template { name: "test", text }.render(&[value])
    }

    #[test]
    fn fills_values_escaped_and_raw() {
        let value = json!({ "name": "<b>\"Salt\" & 'Sea'</b>" });
        assert_eq!(
            render("{{name}} {{{name}}}", &value).unwrap(),
            "&lt;b&gt;&quot;Salt&quot; &amp; &#39;Sea&#39;&lt;/b&gt; <b>\"Salt\" & 'Sea'</b>\n"
        );
    }

    #[test]
    fn repeats_sections_and_sees_outer_names() {
        let value = json!({ "sea": "Baltic", "ports": [{ "name": "Riga" }, { "name": "Turku" }], "tide": null });
        assert_eq!(
            render("{{! c }}\n{{#ports}}{{name}}/{{sea}};{{/ports}}{{#tide}}x{{/tide}}", &value).unwrap(),
            "Riga/Baltic;Turku/Baltic;\n"
        );
    }

    #[test]
    fn a_fault_is_an_error() {
        for text in ["{{missing}}", "{{name", "{{{name}}", "{{#list}}x", "{{list}}", "{{#missing}}{{/missing}}"] {
            assert!(render(text, &json!({ "name": "x", "list": [] })).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_filled_in_is_not_filled_again() {
        assert_eq!(render("{{name}}", &json!({ "name": "{{name}}" })).unwrap(), "{{name}}\n");
    }
}
