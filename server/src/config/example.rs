//! The example file, made from the declarations: every setting, its meaning, its default.

use std::fmt::Write;

use super::Config;

/// The text of `procare.example.toml`.
pub fn example() -> String {
    let mut text = String::from(
        "# Every setting of ProCare with its default. Printed by `server config example`.\n\
         #\n\
         # Each can be given in the environment under the same name, which goes before this file; name the file with\n\
         # PROCARE_CONFIG. Unknown names and invalid values are refused at start.\n",
    );
    for (title, settings) in Config::SECTIONS {
        text.push_str("\n# ----\n");
        lines(&mut text, title);
        text.push_str("# ----\n");
        for setting in *settings {
            text.push('\n');
            lines(&mut text, setting.doc);
            if setting.secret {
                line(&mut text, format_args!("# A secret: {}_FILE may name a file that holds it.", setting.name));
            }
            let value = setting.default.unwrap_or("");
            let number = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
            let quote = if number { "" } else { "\"" };
            line(&mut text, format_args!("#{} = {quote}{value}{quote}", setting.name));
        }
    }
    text
}

fn lines(text: &mut String, doc: &[&str]) {
    for comment in doc {
        line(text, format_args!("#{comment}"));
    }
}

fn line(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{arguments}");
}
