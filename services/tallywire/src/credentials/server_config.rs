//! `users.conf`: the users and their permissions, in the language of the server's configuration.

use std::{collections::BTreeMap, fmt::Write};

use tallywire_runtime::access::Permissions;

use super::Account;

const HEAD: &str = "\
# Written by `tallywire credentials` from the seeds beside it: who may do what. Public keys, nothing secret.
# Changes are lost when it is written again; services/runtime/src/access is where the permissions come from.

authorization {
  users: [
";

/// The users as the server's configuration has them.
pub(super) fn render(accounts: &BTreeMap<String, Account>) -> String {
    let mut text = HEAD.to_owned();
    for (name, Account { user, public_key }) in accounts {
        let Permissions { publish, publish_never, subscribe } = user.permissions(public_key);
        // Writing to a string does not fail.
        let _ = writeln!(text, "    # {name}\n    {{\n      nkey: \"{public_key}\"\n      permissions: {{");
        let _ = writeln!(text, "        publish: {{{}{} }}", list("allow", &publish), list("deny", &publish_never));
        let _ = writeln!(text, "        subscribe: {{{} }}\n      }}\n    }}", list("allow", &subscribe));
    }
    text + "  ]\n}\n"
}

fn list(name: &str, subjects: &[String]) -> String {
    if subjects.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = subjects.iter().map(|subject| format!("            \"{subject}\"\n")).collect();
    format!("\n          {name}: [\n{}          ]", lines.concat())
}

#[cfg(test)]
mod tests {
    use tallywire_runtime::access::User;

    use super::*;

    #[test]
    fn what_each_user_may_do() {
        let account = |user: User| Account { user, public_key: format!("U{}", user.name().to_uppercase()) };
        let accounts = User::ALL.into_iter().map(|user| (user.name().to_owned(), account(user))).collect();
        insta::assert_snapshot!(render(&accounts));
    }
}
