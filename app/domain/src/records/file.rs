//! A file of a record: what it is, is decided by its first bytes, never by its name or by what a client says.

use serde::{Deserialize, Serialize};

use crate::{field::Problem, glucose::choice};

/// Most bytes of a file.
pub const MAX_FILE: usize = 5 * 1024 * 1024;
/// The same, MiB.
pub const MAX_FILE_MIB: u32 = 5;

choice! {
    /// What a file is: its media type.
    MediaType {
        /// A document.
        Pdf = "application/pdf",
        /// A photo.
        Jpeg = "image/jpeg",
        /// A picture.
        Png = "image/png",
    }
}

impl MediaType {
    /// What the bytes are; an empty, unknown or too large file is refused.
    ///
    /// PDF: ISO 32000-1, 7.5.2. JPEG: a marker follows the start of the image (ISO/IEC 10918-1, B.1.1). PNG: its signature and the
    /// header that has to follow it (W3C PNG, 5.2 and 5.6).
    pub fn of(bytes: &[u8]) -> Result<Self, Problem> {
        if bytes.is_empty() {
            return Err(Problem::Required);
        }
        if bytes.len() > MAX_FILE {
            return Err(Problem::FileTooLarge { max_mib: MAX_FILE_MIB });
        }
        match bytes {
            [b'%', b'P', b'D', b'F', b'-', b'1' | b'2', b'.', b'0'..=b'9', ..] => Ok(Self::Pdf),
            [0xff, 0xd8, 0xff, marker, ..] if (0xc0..=0xfe).contains(marker) => Ok(Self::Jpeg),
            _ if bytes.starts_with(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR") => Ok(Self::Png),
            _ => Err(Problem::FileFormat),
        }
    }

    /// The end of the file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }
}

/// What is known of a record's file without opening it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileInfo {
    /// What it is.
    pub media_type: MediaType,
    /// How many bytes.
    pub size: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        for (bytes, expected) in [
            (b"%PDF-1.7\n%\xe2\xe3".as_slice(), Ok(MediaType::Pdf)),
            (b"%PDF-2.0\n", Ok(MediaType::Pdf)),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", Ok(MediaType::Jpeg)),
            (b"\xff\xd8\xff\xe1\0\x10Exif", Ok(MediaType::Jpeg)),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0", Ok(MediaType::Png)),
            (b"", Err(Problem::Required)),
            (b"%PDF", Err(Problem::FileFormat)),
            (b"%PDF-x.y", Err(Problem::FileFormat)),
            (b" %PDF-1.7", Err(Problem::FileFormat)),
            (b"\xff\xd8\xff", Err(Problem::FileFormat)),
            (b"\x89PNG\r\n\x1a\n", Err(Problem::FileFormat)),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Err(Problem::FileFormat)),
            (b"<!doctype html><script>", Err(Problem::FileFormat)),
            (b"PK\x03\x04", Err(Problem::FileFormat)),
            (b"GIF89a", Err(Problem::FileFormat)),
        ] {
            assert_eq!(MediaType::of(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn a_file_of_five_mebibytes_is_the_largest() {
        let mut bytes = vec![0; MAX_FILE];
        bytes.splice(..8, *b"%PDF-1.7");
        assert_eq!(MediaType::of(&bytes), Ok(MediaType::Pdf));
        bytes.push(0);
        assert_eq!(MediaType::of(&bytes), Err(Problem::FileTooLarge { max_mib: 5 }));
    }
}
