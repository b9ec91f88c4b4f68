//! A file of a record: refused, or one of three kinds by its first bytes alone, whatever follows them.
#![no_main]

use domain::{
    field::Problem,
    records::{MAX_FILE, MediaType},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    match MediaType::of(data) {
        Ok(kind) => {
            let start: &[u8] = match kind {
                MediaType::Pdf => b"%PDF-",
                MediaType::Jpeg => b"\xff\xd8\xff",
                MediaType::Png => b"\x89PNG\r\n\x1a\n",
            };
            assert!(data.starts_with(start) && data.len() <= MAX_FILE);
            assert_eq!(MediaType::of(&data[..data.len().min(16)]), Ok(kind));
            assert_eq!(MediaType::parse(kind.as_str()), Ok(kind));
        }
        Err(Problem::Required) => assert!(data.is_empty()),
        Err(Problem::FileTooLarge { .. }) => assert!(data.len() > MAX_FILE),
        Err(problem) => assert_eq!(problem, Problem::FileFormat),
    }
});
