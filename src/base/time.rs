//! Points in time as RFC 3339 text, without a clock and without time zones.
//!
//! Times are arguments of the engine and members of signed documents. Both
//! are compared here, exactly, in nanoseconds.

use core::fmt;

use crate::base::digest::shorten;
use crate::base::error::{Error, Result};

/// Codes of this module.
pub mod codes {
    crate::codes! {
        /// Text that is not an RFC 3339 date and time.
        TIME_SYNTAX = "time-syntax", NotChecked,
            "This is not a date and time: {found}.",
            "Write it as 2026-05-04T12:00:00Z.";
    }
}

/// A point in time: nanoseconds since 1970-01-01T00:00:00Z, between the years
/// 0 and 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    seconds: i64,
    nanos: u32,
}

/// Last second of the year 9999.
const MAX_SECONDS: i64 = 253_402_300_799;

impl Time {
    /// From seconds since 1970-01-01T00:00:00Z; `None` past the year 9999.
    #[must_use]
    pub fn from_unix(seconds: u64) -> Option<Self> {
        let seconds = i64::try_from(seconds).ok()?;
        (seconds <= MAX_SECONDS).then_some(Self { seconds, nanos: 0 })
    }

    /// Seconds since 1970-01-01T00:00:00Z, rounded down.
    #[must_use]
    pub const fn unix(self) -> i64 {
        self.seconds
    }

    /// Reads RFC 3339, section 5.6: `2026-05-04T12:00:00Z`, with fractions of
    /// up to nine digits and numeric offsets.
    ///
    /// # Errors
    /// [`codes::TIME_SYNTAX`].
    pub fn parse(text: &str) -> Result<Self> {
        parse(text).ok_or_else(|| Error::new(codes::TIME_SYNTAX).found(shorten(text)))
    }
}

fn parse(text: &str) -> Option<Time> {
    let digits = |from: usize, to: usize| -> Option<i64> {
        let part = text.get(from..to)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let mark = |at: usize| text.as_bytes().get(at).copied();
    if (mark(4)?, mark(7)?, mark(13)?, mark(16)?) != (b'-', b'-', b':', b':')
        || !matches!(mark(10)?, b'T' | b't')
    {
        return None;
    }
    let (year, month, day) = (digits(0, 4)?, digits(5, 7)?, digits(8, 10)?);
    let (hour, minute, second) = (digits(11, 13)?, digits(14, 16)?, digits(17, 19)?);
    let valid = (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    if !valid {
        return None;
    }
    let (nanos, zone) = fraction(text.get(19..)?)?;
    let local = days_from_civil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    let seconds = local - offset(zone)?;
    (-62_167_219_200..=MAX_SECONDS).contains(&seconds).then_some(Time { seconds, nanos })
}

/// Reads `.123` and returns nanoseconds and what follows.
fn fraction(rest: &str) -> Option<(u32, &str)> {
    let Some(rest) = rest.strip_prefix('.') else {
        return Some((0, rest));
    };
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, zone) = rest.split_at_checked(length)?;
    if !(1..=9).contains(&length) {
        return None;
    }
    let nanos: u32 = format!("{digits:0<9}").parse().ok()?;
    Some((nanos, zone))
}

/// Seconds east of UTC of `Z`, `+01:00`, `-08:30`.
fn offset(zone: &str) -> Option<i64> {
    if matches!(zone, "Z" | "z") {
        return Some(0);
    }
    let bytes = zone.as_bytes();
    let sign = match bytes.first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let two = |part: &str| -> Option<i64> {
        (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())?
    };
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

const fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + if is_leap(year) { 1 } else { 0 },
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a date of the proleptic Gregorian calendar
/// (March-based years, as in Howard Hinnant's `days_from_civil`).
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Inverse of [`days_from_civil`]: year, month, day.
const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let years = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * years + years / 4 - years / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (years + era * 400 + if month <= 2 { 1 } else { 0 }, month, day)
}

impl fmt::Display for Time {
    /// RFC 3339 in UTC; fractions only where there are any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.seconds.div_euclid(86_400));
        let of_day = self.seconds.rem_euclid(86_400);
        let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if self.nanos > 0 {
            let digits = format!("{:09}", self.nanos);
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        f.write_str("Z")
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_seconds_agree() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2021-01-12T11:53:27Z", 1_610_452_407),
            ("2000-02-29T23:59:59Z", 951_868_799),
            ("2026-12-08T00:00:00Z", 1_796_688_000),
            ("9999-12-31T23:59:59Z", MAX_SECONDS),
        ] {
            let time = Time::parse(text).unwrap();
            assert_eq!(time.unix(), seconds, "{text}");
            assert_eq!(time.to_string(), text);
        }
        assert_eq!(
            Time::parse("2026-05-04T14:00:00.250+02:00").unwrap().to_string(),
            "2026-05-04T12:00:00.25Z"
        );
        assert_eq!(Time::parse("0000-01-01T00:00:00Z").unwrap().to_string(), "0000-01-01T00:00:00Z");
        assert!(Time::from_unix(u64::MAX).is_none());
    }

    #[test]
    fn order_counts_fractions() {
        let end = Time::parse("2022-12-31T23:59:59.999Z").unwrap();
        assert!(Time::parse("2022-12-31T23:59:59Z").unwrap() < end);
        assert!(Time::parse("2023-01-01T00:00:00Z").unwrap() > end);
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "2026-05-04",
            "2026-05-04T12:00:00",
            "2026-02-29T12:00:00Z",
            "2026-13-01T12:00:00Z",
            "2026-05-04T24:00:00Z",
            "2026-05-04T12:60:00Z",
            "2026-05-04T12:00:60Z",
            "2026-05-04 12:00:00Z",
            "2026-05-04T12:00:00.Z",
            "2026-05-04T12:00:00.1234567890Z",
            "2026-05-04T12:00:00+1:00",
            "2026-05-04T12:00:00Zx",
            "+026-05-04T12:00:00Z",
            "0000-01-01T00:00:00+00:01",
            "é026-05-04T12:00:0Z",
        ] {
            assert_eq!(Time::parse(text).unwrap_err().code(), codes::TIME_SYNTAX, "{text:?}");
        }
    }
}
