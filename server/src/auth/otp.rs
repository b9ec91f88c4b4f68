//! The code of a one-time password, and whose requests are counted together.

use std::net::{IpAddr, Ipv6Addr};

/// Seconds that a code is good for.
pub const CODE_S: u32 = 300;
/// 10^6 codes.
const CODES: u32 = 1_000_000;

/// Six digits, each code as likely as any other, from the operating system's random source.
pub fn new_code() -> Result<String, getrandom::Error> {
    // Numbers past the last whole million of 2^32 would make small codes likelier: they are drawn again.
    const FAIR: u32 = u32::MAX - u32::MAX % CODES;
    loop {
        let mut bytes = [0; 4];
        getrandom::fill(&mut bytes)?;
        let drawn = u32::from_be_bytes(bytes);
        if drawn < FAIR {
            return Ok(format!("{:06}", drawn % CODES));
        }
    }
}

/// A code as people type it: Latin or Devanagari digits, spaces and dashes between them.
pub fn read_code(text: &str) -> Option<String> {
    if text.len() > 60 {
        return None;
    }
    let mut code = String::with_capacity(6);
    for c in text.chars() {
        match c {
            '0'..='9' => code.push(c),
            '\u{966}'..='\u{96f}' => code.push(char::from_digit(u32::from(c) - 0x966, 10)?),
            c if c.is_whitespace() || c == '-' => {}
            _ => return None,
        }
    }
    (code.len() == 6).then_some(code)
}

/// Under which name an address is counted: an IPv4 address as such, an IPv6 one by its /64, which is one subscriber's.
pub fn counted_as(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_six_digits_and_every_digit_is_as_likely_as_any_other() {
        let mut seen = [[0u32; 10]; 6];
        for _ in 0..20_000 {
            let code = new_code().expect("a code");
            assert_eq!(code.len(), 6);
            for (place, digit) in code.bytes().enumerate() {
                seen[place][usize::from(digit - b'0')] += 1;
            }
        }
        // 2,000 expected each, standard deviation 42: ten of them away does not happen.
        assert!(seen.iter().flatten().all(|n| (1_580..2_420).contains(n)), "{seen:?}");
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        for text in ["042137", " 042 137 ", "042-137", "०४२१३७"] {
            assert_eq!(read_code(text).as_deref(), Some("042137"), "{text}");
        }
        for text in ["", "42137", "0421370", "04213a", "+42137", "0.42137"] {
            assert_eq!(read_code(text), None, "{text}");
        }
    }

    #[test]
    fn one_subscriber_is_counted_once() {
        let counted = |text: &str| counted_as(text.parse().expect("an address"));
        assert_eq!(counted("203.0.113.7"), "203.0.113.7");
        assert_eq!(counted("::ffff:203.0.113.7"), "203.0.113.7");
        assert_eq!(counted("2001:db8:1:2:3:4:5:6"), counted("2001:db8:1:2:ffff::1"));
        assert_ne!(counted("2001:db8:1:2::1"), counted("2001:db8:1:3::1"));
    }
}
