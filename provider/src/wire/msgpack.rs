//! MessagePack's heads: reading them off hostile bytes without a panic, writing them in their smallest form.

use super::Problem;

/// One item, or the head of one that contains others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Head<'a> {
    Nil,
    Bool(bool),
    Signed(i64),
    Unsigned(u64),
    Float(f64),
    Text(&'a [u8]),
    /// This many items follow.
    Array(usize),
    /// This many keys, each with its value, follow.
    Map(usize),
    /// An extension; Terraform uses them for unknown values only.
    Extension,
}

/// Reads heads off the front of a slice.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// How many bytes are left; no array can have more items than that.
    pub(super) fn remaining(&self) -> usize {
        self.0.len()
    }

    pub(super) fn head(&mut self) -> Result<Head<'a>, Problem> {
        let [marker] = self.array()?;
        Ok(match marker {
            0x00..=0x7f => Head::Unsigned(marker.into()),
            0x80..=0x8f => self.map(usize::from(marker & 0x0f))?,
            0x90..=0x9f => self.list(usize::from(marker & 0x0f))?,
            0xa0..=0xbf => Head::Text(self.take(usize::from(marker & 0x1f))?),
            0xc0 => Head::Nil,
            0xc1 => return Err(Problem::new("a byte that means nothing")),
            0xc2 => Head::Bool(false),
            0xc3 => Head::Bool(true),
            0xc4 | 0xd9 => {
                let length = self.length8()?;
                Head::Text(self.take(length)?)
            }
            0xc5 | 0xda => {
                let length = self.length16()?;
                Head::Text(self.take(length)?)
            }
            0xc6 | 0xdb => {
                let length = self.length32()?;
                Head::Text(self.take(length)?)
            }
            0xc7 => {
                let length = self.length8()?;
                self.extension(length)?
            }
            0xc8 => {
                let length = self.length16()?;
                self.extension(length)?
            }
            0xc9 => {
                let length = self.length32()?;
                self.extension(length)?
            }
            0xca => Head::Float(f32::from_be_bytes(self.array()?).into()),
            0xcb => Head::Float(f64::from_be_bytes(self.array()?)),
            0xcc => Head::Unsigned(u8::from_be_bytes(self.array()?).into()),
            0xcd => Head::Unsigned(u16::from_be_bytes(self.array()?).into()),
            0xce => Head::Unsigned(u32::from_be_bytes(self.array()?).into()),
            0xcf => Head::Unsigned(u64::from_be_bytes(self.array()?)),
            0xd0 => Head::Signed(i8::from_be_bytes(self.array()?).into()),
            0xd1 => Head::Signed(i16::from_be_bytes(self.array()?).into()),
            0xd2 => Head::Signed(i32::from_be_bytes(self.array()?).into()),
            0xd3 => Head::Signed(i64::from_be_bytes(self.array()?)),
            0xd4 => self.extension(1)?,
            0xd5 => self.extension(2)?,
            0xd6 => self.extension(4)?,
            0xd7 => self.extension(8)?,
            0xd8 => self.extension(16)?,
            0xdc => {
                let length = self.length16()?;
                self.list(length)?
            }
            0xdd => {
                let length = self.length32()?;
                self.list(length)?
            }
            0xde => {
                let length = self.length16()?;
                self.map(length)?
            }
            0xdf => {
                let length = self.length32()?;
                self.map(length)?
            }
            0xe0..=0xff => Head::Signed(i8::from_be_bytes([marker]).into()),
        })
    }

    fn list(&self, length: usize) -> Result<Head<'a>, Problem> {
        if length > self.remaining() {
            return Err(cut());
        }
        Ok(Head::Array(length))
    }

    fn map(&self, length: usize) -> Result<Head<'a>, Problem> {
        if length > self.remaining() / 2 {
            return Err(cut());
        }
        Ok(Head::Map(length))
    }

    /// An extension's kind and body say why a value is unknown and what it will look like; that it is unknown is enough.
    fn extension(&mut self, length: usize) -> Result<Head<'a>, Problem> {
        self.array::<1>()?;
        self.take(length)?;
        Ok(Head::Extension)
    }

    fn length8(&mut self) -> Result<usize, Problem> {
        self.array().map(u8::from_be_bytes).map(usize::from)
    }

    fn length16(&mut self) -> Result<usize, Problem> {
        self.array().map(u16::from_be_bytes).map(usize::from)
    }

    fn length32(&mut self) -> Result<usize, Problem> {
        let length = self.array().map(u32::from_be_bytes)?;
        usize::try_from(length).map_err(|_| cut())
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Problem> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or_else(cut)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH], Problem> {
        let (taken, rest) = self.0.split_first_chunk().ok_or_else(cut)?;
        self.0 = rest;
        Ok(*taken)
    }
}

fn cut() -> Problem {
    Problem::new("the bytes end too early")
}

/// Writes items in their smallest form, as Terraform does.
#[derive(Default)]
pub(super) struct Writer(Vec<u8>);

impl Writer {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    pub(super) fn nil(&mut self) {
        self.0.push(0xc0);
    }

    /// An unknown value without refinements.
    pub(super) fn unknown(&mut self) {
        self.0.extend([0xd4, 0x00, 0x00]);
    }

    pub(super) fn bool(&mut self, value: bool) {
        self.0.push(if value { 0xc3 } else { 0xc2 });
    }

    pub(super) fn integer(&mut self, value: i64) {
        if let Ok(value) = u8::try_from(value) {
            match value {
                0x00..=0x7f => self.0.push(value),
                _ => self.0.extend([0xcc, value]),
            }
        } else if let Ok(value) = u16::try_from(value) {
            self.marked(0xcd, value.to_be_bytes());
        } else if let Ok(value) = u32::try_from(value) {
            self.marked(0xce, value.to_be_bytes());
        } else if let Ok(value) = u64::try_from(value) {
            self.marked(0xcf, value.to_be_bytes());
        } else if let Ok(value) = i8::try_from(value) {
            match value {
                -32..=-1 => self.0.extend(value.to_be_bytes()),
                _ => self.marked(0xd0, value.to_be_bytes()),
            }
        } else if let Ok(value) = i16::try_from(value) {
            self.marked(0xd1, value.to_be_bytes());
        } else if let Ok(value) = i32::try_from(value) {
            self.marked(0xd2, value.to_be_bytes());
        } else {
            self.marked(0xd3, value.to_be_bytes());
        }
    }

    pub(super) fn float(&mut self, value: f64) {
        self.marked(0xcb, value.to_be_bytes());
    }

    pub(super) fn text(&mut self, text: &str) {
        let length = text.len();
        if length < 32 {
            self.short(0xa0, length);
        } else if length <= usize::from(u8::MAX) {
            self.long8(0xd9, length);
        } else {
            self.long(0xda, 0xdb, length);
        }
        self.0.extend_from_slice(text.as_bytes());
    }

    /// Bytes that are not text.
    pub(super) fn binary(&mut self, bytes: &[u8]) {
        match u8::try_from(bytes.len()) {
            Ok(length) => self.0.extend([0xc4, length]),
            Err(_) => self.long(0xc5, 0xc6, bytes.len()),
        }
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn array(&mut self, length: usize) {
        if length < 16 {
            self.short(0x90, length);
        } else {
            self.long(0xdc, 0xdd, length);
        }
    }

    pub(super) fn map(&mut self, length: usize) {
        if length < 16 {
            self.short(0x80, length);
        } else {
            self.long(0xde, 0xdf, length);
        }
    }

    fn short(&mut self, marker: u8, length: usize) {
        // The callers let only lengths below 32 through, which fit beside the marker's bits.
        self.0.push(marker | (length & 0x1f) as u8);
    }

    fn long8(&mut self, marker: u8, length: usize) {
        self.0.extend([marker, (length & 0xff) as u8]);
    }

    fn long(&mut self, marker16: u8, marker32: u8, length: usize) {
        match u16::try_from(length) {
            Ok(length) => self.marked(marker16, length.to_be_bytes()),
            // Nothing of 4 GiB passes the message limit.
            Err(_) => self.marked(marker32, (length as u32).to_be_bytes()),
        }
    }

    fn marked<const LENGTH: usize>(&mut self, marker: u8, bytes: [u8; LENGTH]) {
        self.0.push(marker);
        self.0.extend(bytes);
    }
}
