//! The invented people of the demo clinic. Nobody here exists.

use domain::{glucose::Unit, people::Preset};

use crate::imports::sample::Control;

/// How long and how somebody is measured, ending some days before today.
#[derive(Debug, Clone, Copy)]
pub struct Stretch {
    /// Days of data.
    pub days: u32,
    /// Days between its end and now.
    pub ended: u32,
    /// How they are doing.
    pub control: Control,
}

/// What somebody measures with.
#[derive(Debug, Clone, Copy)]
pub enum Device {
    /// A sensor, a value every so many minutes.
    Sensor(u32),
    /// A sensor that is worn only on two days of three.
    Patchy(u32),
    /// A meter, about so many times a day.
    Meter(usize),
}

/// One patient of the demo doctor.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// Their name.
    pub name: &'static str,
    /// Year of birth; none if they never said.
    pub born: Option<i32>,
    /// By which ranges.
    pub preset: Preset,
    /// Unit of their device.
    pub unit: Unit,
    /// What they measure with.
    pub device: Device,
    /// Their data, oldest first; none for somebody who has just joined.
    pub data: &'static [Stretch],
    /// Whether they log meals.
    pub meals: bool,
    /// Days since the doctor last marked them as reviewed.
    pub reviewed: Option<i64>,
}

const fn run(days: u32, ended: u32, control: Control) -> Stretch {
    Stretch { days, ended, control }
}

/// Somebody with a 15-minute sensor, an adult's ranges and no review.
const fn person(name: &'static str, born: i32, data: &'static [Stretch]) -> Person {
    Person {
        name,
        born: Some(born),
        preset: Preset::Adult,
        unit: Unit::MgDl,
        device: Device::Sensor(15),
        data,
        meals: false,
        reviewed: None,
    }
}

use Control::{Fair, Good, Lows, Poor};

/// Twenty-five patients: every reason of the work list, and people without one.
pub const PATIENTS: [Person; 25] = [
    Person { device: Device::Sensor(5), ..person("Vikram Shetty", 1968, &[run(30, 0, Lows)]) },
    Person { meals: true, ..person("Sunita Deshpande", 1974, &[run(45, 0, Lows)]) },
    Person { reviewed: Some(6), ..person("राजेश कुमार", 1959, &[run(90, 0, Poor)]) },
    Person { meals: true, reviewed: Some(1), ..person("Meera Iyer", 1981, &[run(60, 0, Good)]) },
    person("Farhan Qureshi", 1987, &[run(20, 14, Good), run(14, 0, Poor)]),
    Person { reviewed: Some(20), ..person("Lakshmi Narayanan", 1952, &[run(40, 5, Fair)]) },
    Person {
        preset: Preset::PregnancyType2OrGestational,
        device: Device::Meter(4),
        meals: true,
        reviewed: Some(3),
        ..person("Priyanka Joshi", 1996, &[run(28, 0, Good)])
    },
    Person {
        preset: Preset::PregnancyType1,
        device: Device::Sensor(5),
        ..person("Ananya Reddy", 1993, &[run(14, 0, Good)])
    },
    Person { preset: Preset::OlderHighRisk, ..person("Gopal Krishna Bhat", 1944, &[run(30, 0, Fair)]) },
    Person {
        preset: Preset::OlderHighRisk,
        device: Device::Meter(2),
        reviewed: Some(2),
        ..person("कमला देवी", 1941, &[run(60, 0, Fair)])
    },
    person("Venkata Satyanarayana Raghavendra Prasad", 1963, &[run(35, 0, Fair)]),
    Person { born: None, data: &[], ..person("Imran Sheikh", 0, &[]) },
    Person { device: Device::Meter(3), meals: true, ..person("Deepa Nair", 1979, &[run(30, 0, Poor)]) },
    Person { device: Device::Meter(4), reviewed: Some(4), ..person("Harpreet Singh", 1971, &[run(60, 0, Good)]) },
    Person { unit: Unit::MmolL, ..person("Catherine D'Souza", 1966, &[run(28, 0, Fair)]) },
    Person { device: Device::Patchy(15), ..person("Arvind Patil", 1977, &[run(28, 0, Fair)]) },
    Person { device: Device::Meter(2), ..person("Nasreen Begum", 1957, &[run(40, 12, Fair)]) },
    Person { reviewed: Some(9), ..person("Suresh Babu", 1961, &[run(50, 33, Poor)]) },
    person("सीमा गुप्ता", 1985, &[run(21, 0, Good)]),
    Person { reviewed: Some(1), meals: true, ..person("Joseph Kurian", 1969, &[run(90, 0, Good)]) },
    person("Tanvi Kulkarni", 2001, &[run(3, 0, Fair)]),
    Person { device: Device::Meter(1), ..person("Bhavesh Shah", 1955, &[run(45, 0, Good)]) },
    Person { reviewed: Some(15), ..person("Rukmini Pillai", 1949, &[run(28, 0, Poor)]) },
    Person { device: Device::Meter(4), ..person("Aditya Rao", 1990, &[run(21, 0, Lows)]) },
    Person { unit: Unit::MmolL, reviewed: Some(2), ..person("मोहन लाल", 1964, &[run(30, 0, Good)]) },
];

/// What is eaten, by meal: items and grams of carbohydrate.
pub const MEALS: [[(&[&str], f64); 4]; 3] = [
    [
        (&["2 idli", "sambar", "coconut chutney"], 48.0),
        (&["Poha with peanuts", "tea without sugar"], 52.0),
        (&["2 besan chilla", "curd"], 30.0),
        (&["Vegetable upma", "buttermilk"], 44.0),
    ],
    [
        (&["2 roti", "dal", "bhindi sabzi", "salad"], 58.0),
        (&["Rice, 1 cup", "rajma", "cucumber raita"], 72.0),
        (&["Curd rice", "beans poriyal"], 60.0),
        (&["2 jowar bhakri", "pitla", "onion"], 50.0),
    ],
    [
        (&["2 roti", "palak paneer", "salad"], 42.0),
        (&["Moong dal khichdi", "kadhi"], 56.0),
        (&["Masala dosa", "sambar"], 64.0),
        (&["Grilled fish", "rice, half cup", "cabbage thoran"], 38.0),
    ],
];
