//! The style sheet's promises that arithmetic can check: contrast (WCAG 2.2, 1.4.3 and 1.4.11) and the fonts' weight.
#![expect(
    clippy::unwrap_used,
    clippy::many_single_char_names,
    reason = "a style sheet that cannot be read fails the test at that line; the letters are those of the formula"
)]

use std::{collections::BTreeMap, fs, path::Path};

type Oklch = (f64, f64, f64);
type Tokens = BTreeMap<String, Oklch>;

/// `--name: oklch(98% 0.01 200);` by name; later ones win, as in the cascade.
fn read_into(tokens: &mut Tokens, block: &str) {
    for line in block.lines() {
        let Some((name, rest)) = line.trim().strip_prefix("--").and_then(|l| l.split_once(": oklch(")) else {
            continue;
        };
        let Some(inner) = rest.strip_suffix(");") else { continue };
        let numbers: Vec<f64> = inner.split_whitespace().filter_map(|n| n.trim_end_matches('%').parse().ok()).collect();
        if let [lightness, chroma, hue] = numbers[..] {
            tokens.insert(name.to_owned(), (lightness / 100.0, chroma, hue));
        }
    }
}

/// The names in light, and in dark (light, overridden).
fn schemes() -> [(&'static str, Tokens); 2] {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../style/_tokens.scss");
    let text = fs::read_to_string(path).unwrap();
    let (light_text, dark_text) = text.split_once("@media (prefers-color-scheme: dark)").unwrap();
    let mut light = Tokens::new();
    read_into(&mut light, light_text);
    let mut dark = light.clone();
    read_into(&mut dark, dark_text);
    assert_ne!(light, dark);
    [("light", light), ("dark", dark)]
}

/// Relative luminance, by way of linear sRGB (Ottosson 2020, <https://bottosson.github.io/posts/oklab/>).
fn luminance((lightness, chroma, hue): Oklch) -> f64 {
    let (a, b) = (chroma * hue.to_radians().cos(), chroma * hue.to_radians().sin());
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    let red = 4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s;
    let green = -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s;
    let blue = -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s;
    0.2126 * red.clamp(0.0, 1.0) + 0.7152 * green.clamp(0.0, 1.0) + 0.0722 * blue.clamp(0.0, 1.0)
}

fn contrast(one: Oklch, other: Oklch) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn assert_contrast(scheme: &str, tokens: &Tokens, ink: &str, ground: &str, least: f64) {
    let of = |name: &str| *tokens.get(name).unwrap_or_else(|| panic!("--{name} is not in _tokens.scss"));
    let found = contrast(of(ink), of(ground));
    assert!(found >= least, "{scheme}: --{ink} on --{ground} is {found:.2}, at least {least} is needed");
}

const BANDS: [&str; 5] = ["very-low", "low", "in-range", "high", "very-high"];

#[test]
fn every_text_colour_reads_on_every_ground_in_light_and_dark() {
    for (scheme, tokens) in schemes() {
        for ink in ["text", "text-soft", "accent", "danger"] {
            for ground in ["surface", "surface-raised", "surface-sunk", "accent-soft", "danger-soft"] {
                assert_contrast(scheme, &tokens, ink, ground, 4.5);
            }
        }
        assert_contrast(scheme, &tokens, "on-accent", "accent", 4.5);
        assert_contrast(scheme, &tokens, "on-accent", "accent-hover", 4.5);
    }
}

#[test]
fn the_words_of_the_five_bands_read_on_their_tints_and_on_the_page() {
    for (scheme, tokens) in schemes() {
        for band in BANDS {
            for ground in [&format!("band-{band}-tint"), "surface-raised", "surface-sunk"] {
                assert_contrast(scheme, &tokens, &format!("band-{band}-ink"), ground, 4.5);
            }
        }
    }
}

#[test]
fn fields_and_focus_are_seen() {
    for (scheme, tokens) in schemes() {
        for ground in ["surface", "surface-raised"] {
            assert_contrast(scheme, &tokens, "line-strong", ground, 3.0);
            assert_contrast(scheme, &tokens, "focus", ground, 3.0);
        }
    }
}

#[test]
fn the_fonts_are_small_and_their_licences_lie_beside_them() {
    let fonts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/fonts");
    for (file, licence, most) in [
        ("inter-1.woff2", "inter-OFL.txt", 45 * 1024),
        ("noto-sans-devanagari-2.woff2", "noto-sans-devanagari-OFL.txt", 56 * 1024),
    ] {
        assert!(fs::metadata(fonts.join(file)).unwrap().len() <= most, "{file}");
        assert!(fs::read_to_string(fonts.join(licence)).unwrap().contains("SIL Open Font License"), "{licence}");
    }
}
