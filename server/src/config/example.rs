//! The example file, made from the declarations: every setting, its meaning, its default.

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
        text.push_str("\n# ----");
        for line in *title {
            text.push_str(&format!("\n#{line}"));
        }
        text.push_str("\n# ----\n");
        for setting in *settings {
            text.push('\n');
            for line in setting.doc {
                text.push_str(&format!("#{line}\n"));
            }
            if setting.secret {
                text.push_str(&format!("# A secret: {}_FILE may name a file that holds it.\n", setting.name));
            }
            let value = setting.default.unwrap_or("");
            let number = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
            let value = if number { value.to_owned() } else { format!("\"{value}\"") };
            text.push_str(&format!("#{} = {value}\n", setting.name));
        }
    }
    text
}
