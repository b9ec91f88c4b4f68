//! Times as devices write them, and the order of day and month, decided once for a whole file.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use domain::ports::DateOrder;

use super::numbers::digit;

/// A time that was read but for the order of its day and month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawTime {
    date: RawDate,
    /// Seconds of the day.
    seconds: u32,
    /// Seconds east of UTC, if the text says so; otherwise it is a wall clock's time.
    pub offset_s: Option<i32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RawDate {
    Known(NaiveDate),
    /// The first and second number, and the year.
    Either(u32, u32, i32),
}

impl RawDate {
    fn in_order(self, order: DateOrder) -> Option<NaiveDate> {
        match (self, order) {
            (Self::Known(date), _) => Some(date),
            (Self::Either(d, m, y), DateOrder::DayMonth) | (Self::Either(m, d, y), DateOrder::MonthDay) => {
                NaiveDate::from_ymd_opt(y, m, d)
            }
        }
    }
}

impl RawTime {
    /// Reads date and time of day. Dates: year first, or day and month in either order, or a month's English name; `-`, `/`,
    /// `.` or blanks between. Times: 12 or 24 hours, seconds and offset optional.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(time) = unix(text) {
            return Some(time);
        }
        let text = plain(text);
        let mut scan = Scan { rest: text.as_bytes() };
        let date = scan.date()?;
        scan.gap();
        let (seconds, offset_s) = scan.clock()?;
        Some(Self { date, seconds, offset_s })
    }

    /// Reads a date and a time of day from two cells. The date's cell may carry a midnight that a spreadsheet put there.
    pub fn parse_split(date: &str, clock: &str) -> Option<Self> {
        let (date, clock) = (plain(date), plain(clock));
        let mut scan = Scan { rest: date.as_bytes() };
        let date = scan.date()?;
        scan.gap();
        if !scan.rest.is_empty() && scan.clock()?.0 != 0 {
            return None;
        }
        let (seconds, offset_s) = Scan { rest: clock.as_bytes() }.clock()?;
        Some(Self { date, seconds, offset_s })
    }

    /// Whether it is midnight sharp.
    pub fn is_midnight(self) -> bool {
        self.seconds == 0
    }

    /// Date and time as written, in an order; `None` if there is no such date.
    pub fn local(self, order: DateOrder) -> Option<NaiveDateTime> {
        let time = NaiveTime::from_num_seconds_from_midnight_opt(self.seconds, 0)?;
        Some(self.date.in_order(order)?.and_time(time))
    }
}

/// Whether a cell is a date without a time of day.
pub fn is_date(text: &str) -> bool {
    let text = plain(text);
    let mut scan = Scan { rest: text.as_bytes() };
    scan.date().is_some() && scan.rest.iter().all(u8::is_ascii_whitespace)
}

/// Whether a cell is a time of day without a date.
pub fn is_clock(text: &str) -> bool {
    Scan { rest: plain(text).as_bytes() }.clock().is_some()
}

/// The order of day and month in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Known.
    Settled(DateOrder),
    /// Both fit. Day first is the likelier in India.
    Open,
}

/// Steps between days that must all go one way before sortedness counts as evidence: 5 random ones do so in 1 of 360 files.
const SORTED_STEPS: usize = 5;

/// Decides the order by all rows (each with its run: rows of one run are sorted by time in the file). If every row fits
/// both orders, one is ruled out if it puts rows after `latest` (now, or when the file was made), or if the rows are sorted
/// in the other one and not in it.
pub fn decide(rows: &[(u32, RawTime)], latest: NaiveDateTime, made: Option<RawTime>) -> Order {
    use DateOrder::{DayMonth, MonthDay};
    let (mut day, mut month, mut differ) = (0_usize, 0_usize, false);
    for (_, time) in rows {
        let (d, m) = (time.local(DayMonth), time.local(MonthDay));
        day += usize::from(d.is_some() && m.is_none());
        month += usize::from(m.is_some() && d.is_none());
        differ |= d != m;
    }
    if day > 0 || month > 0 {
        return Order::Settled(if day >= month { DayMonth } else { MonthDay });
    }
    if !differ {
        return Order::Settled(DayMonth);
    }
    let slack = TimeDelta::days(1);
    let possible = |order| {
        let made = made.and_then(|m| m.local(order)).map_or(latest, |m| m.min(latest));
        rows.iter().all(|(_, time)| time.local(order).is_none_or(|t| t <= made + slack))
    };
    match (possible(DayMonth), possible(MonthDay)) {
        (true, false) => return Order::Settled(DayMonth),
        (false, true) => return Order::Settled(MonthDay),
        _ => {}
    }
    match (turns(rows, DayMonth), turns(rows, MonthDay)) {
        ((0, SORTED_STEPS..), (1.., _)) => Order::Settled(DayMonth),
        ((1.., _), (0, SORTED_STEPS..)) => Order::Settled(MonthDay),
        _ => Order::Open,
    }
}

/// How many steps go against the direction of their run, and how many steps lead to another day.
fn turns(rows: &[(u32, RawTime)], order: DateOrder) -> (usize, usize) {
    let (mut against, mut days) = (0, 0);
    for run in rows.chunk_by(|a, b| a.0 == b.0) {
        let (mut up, mut down) = (0, 0);
        let mut before: Option<NaiveDateTime> = None;
        for time in run.iter().filter_map(|(_, t)| t.local(order)) {
            if let Some(before) = before {
                up += usize::from(time > before);
                down += usize::from(time < before);
                days += usize::from(time.date() != before.date());
            }
            before = Some(time);
        }
        against += up.min(down);
    }
    (against, days)
}

/// Seconds or milliseconds since 1970.
fn unix(text: &str) -> Option<RawTime> {
    if !matches!(text.len(), 10 | 13) || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i64 = text.parse().ok()?;
    let at =
        if text.len() == 13 { DateTime::from_timestamp_millis(number) } else { DateTime::from_timestamp(number, 0) }?;
    let seconds = u32::try_from(at.timestamp().rem_euclid(86_400)).ok()?;
    Some(RawTime { date: RawDate::Known(at.date_naive()), seconds, offset_s: Some(0) })
}

/// Other scripts' digits, blanks and halves of the day, in ASCII; longest first.
const WORDS: &[(&str, &str)] = &[
    ("पूर्वाह्न", "am"),
    ("अपराह्न", "pm"),
    ("म.पू.", "am"),
    ("म.उ.", "pm"),
    ("上午", "am"),
    ("下午", "pm"),
    ("오전", "am"),
    ("오후", "pm"),
];

fn plain(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    // No time is longer; what is longer is not worth rewriting.
    if text.len() > 120 {
        return Cow::Borrowed("");
    }
    let mut text = text.to_owned();
    for (word, ascii) in WORDS {
        text = text.replace(word, ascii);
    }
    let text: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{200e}' | '\u{200f}'))
        .map(|c| match c {
            '：' => ':',
            c if c.is_whitespace() => ' ',
            c => digit(c).and_then(|d| char::from_digit(d, 10)).unwrap_or(c),
        })
        .collect();
    Cow::Owned(text.trim().to_owned())
}

struct Scan<'a> {
    rest: &'a [u8],
}

impl Scan<'_> {
    fn date(&mut self) -> Option<RawDate> {
        if let Some(month) = self.month() {
            // Nov 24, 2026
            self.gap();
            let (day, _) = self.number(2)?;
            self.gap();
            let year = self.year()?;
            return NaiveDate::from_ymd_opt(year, month, day).map(RawDate::Known);
        }
        let (first, digits) = self.number(4)?;
        self.between()?;
        if digits == 4 {
            let month = self.month().or_else(|| Some(self.number(2)?.0))?;
            self.between()?;
            let (day, _) = self.number(2)?;
            return NaiveDate::from_ymd_opt(i32::try_from(first).ok()?, month, day).map(RawDate::Known);
        }
        if let Some(month) = self.month() {
            self.between()?;
            let year = self.year()?;
            return NaiveDate::from_ymd_opt(year, month, first).map(RawDate::Known);
        }
        let (second, _) = self.number(2)?;
        self.between()?;
        let either = RawDate::Either(first, second, self.year()?);
        (either.in_order(DateOrder::DayMonth).is_some() || either.in_order(DateOrder::MonthDay).is_some())
            .then_some(either)
    }

    /// A time of day, to the end of the text: seconds since midnight and offset.
    fn clock(&mut self) -> Option<(u32, Option<i32>)> {
        self.blanks();
        let before = self.half();
        let (mut hour, _) = self.number(2)?;
        self.one_of(b":.")?;
        let (minute, 2) = self.number(2)? else { return None };
        let mut second = 0;
        if self.one_of(b":.").is_some() {
            let (s, 2) = self.number(2)? else { return None };
            second = s;
            if self.one_of(b".,").is_some() {
                self.number(9)?;
            }
        }
        let afternoon = before.or_else(|| self.half());
        self.blanks();
        let offset_s = if self.rest.is_empty() { None } else { Some(self.offset()?) };
        match afternoon {
            Some(false) if hour > 12 => return None,
            Some(false) if hour == 12 => hour = 0,
            Some(true) if hour < 12 => hour += 12,
            _ => {}
        }
        (self.rest.is_empty() && hour < 24 && minute < 60 && second < 60)
            .then_some((hour * 3_600 + minute * 60 + second, offset_s))
    }

    /// `Some(true)` after an "am" or "pm" in any of its spellings if it is the afternoon.
    fn half(&mut self) -> Option<bool> {
        self.blanks();
        let letter = self.rest.first()?.to_ascii_lowercase();
        if letter != b'a' && letter != b'p' {
            return None;
        }
        let mut after = self.rest.get(1..)?;
        while let [b'.' | b' ', rest @ ..] = after {
            after = rest;
        }
        let [b'm' | b'M', rest @ ..] = after else { return None };
        self.rest = rest.strip_prefix(b".").unwrap_or(rest);
        self.blanks();
        Some(letter == b'p')
    }

    /// `Z`, `UTC`, `GMT+8`, `+05:30` or `IST`, in seconds east.
    fn offset(&mut self) -> Option<i32> {
        let named = [(&b"utc"[..], 0), (b"gmt", 0), (b"z", 0), (b"ist", 19_800)];
        let named = named.into_iter().find_map(|(name, seconds)| {
            let head = self.rest.get(..name.len())?;
            head.eq_ignore_ascii_case(name).then_some((name.len(), seconds))
        });
        if let Some((length, seconds)) = named {
            self.rest = self.rest.get(length..)?;
            self.blanks();
            if self.rest.is_empty() {
                return Some(seconds);
            }
        }
        let sign = if self.one_of(b"+-")? == b'-' { -1 } else { 1 };
        let (hours, digits) = self.number(4)?;
        let (hours, minutes) = match digits {
            4 => (hours / 100, hours % 100),
            1 | 2 if self.one_of(b":").is_some() => (hours, self.number(2)?.0),
            1 | 2 => (hours, 0),
            _ => return None,
        };
        let seconds = i32::try_from(hours * 3_600 + minutes * 60).ok()?;
        (hours <= 14 && minutes < 60).then_some(sign * seconds)
    }

    fn month(&mut self) -> Option<u32> {
        const NAMES: [&[u8; 3]; 12] =
            [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];
        let letters = self.rest.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        let head = self.rest.get(..3)?;
        let month = (1..).zip(NAMES).find_map(|(n, name)| head.eq_ignore_ascii_case(name).then_some(n))?;
        self.rest = self.rest.get(letters..)?;
        Some(month)
    }

    fn year(&mut self) -> Option<i32> {
        match self.number(4)? {
            (year, 4) => i32::try_from(year).ok(),
            (year, 2) => i32::try_from(2_000 + year).ok(),
            _ => None,
        }
    }

    /// A number of at most so many digits (nine and no more), and how many they are.
    fn number(&mut self, most: usize) -> Option<(u32, usize)> {
        let digits = self.rest.iter().take_while(|b| b.is_ascii_digit()).count();
        if digits == 0 || digits > most {
            return None;
        }
        let number = self.rest.iter().take(digits).fold(0, |n, b| n * 10 + u32::from(b - b'0'));
        self.rest = self.rest.get(digits..)?;
        Some((number, digits))
    }

    /// What stands between the parts of a date.
    fn between(&mut self) -> Option<()> {
        let length = self.rest.len();
        self.gap_of(b"-/. ,");
        (self.rest.len() < length).then_some(())
    }

    /// What stands between date and time.
    fn gap(&mut self) {
        self.gap_of(b" ,Tt.-");
    }

    fn gap_of(&mut self, bytes: &[u8]) {
        for _ in 0..3 {
            if self.one_of(bytes).is_none() {
                return;
            }
        }
    }

    fn blanks(&mut self) {
        while let [b' ', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        bytes.contains(first).then(|| {
            self.rest = rest;
            *first
        })
    }
}
