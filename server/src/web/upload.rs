//! How large a file may be, for both doors.

/// Most bytes of a file of readings.
pub const MAX_FILE: usize = 20 * 1024 * 1024;
/// The same, MiB.
pub const MAX_FILE_MIB: u32 = 20;
/// Most bytes of a request that carries one: the file and the form around it.
pub const MAX_UPLOAD: usize = MAX_FILE + 64 * 1024;
