//! Address ranges.

use std::net::{Ipv4Addr, Ipv6Addr};

use bigdecimal::ToPrimitive;

use super::{Failure, Outcome, text, whole};
use crate::language::term::{Shape, Term};

/// A range: its first address in the low bits, and how long its prefix is.
#[derive(Clone, Copy)]
struct Range {
    address: u128,
    prefix: u32,
    /// 32 or 128.
    bits: u32,
}

impl Range {
    fn parse(source: &str, argument: usize) -> Result<Self, Failure> {
        let wrong = || {
            Failure::argument(
                argument,
                format!(
                    "invalid CIDR expression: {source:?} is not an address range such as 10.0.0.0/8"
                ),
            )
        };
        let (address, prefix) = source.split_once('/').ok_or_else(wrong)?;
        let digits = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
        let prefix: u32 = digits
            .then(|| prefix.parse().ok())
            .flatten()
            .ok_or_else(wrong)?;
        let (address, bits) = match parse_v4(address) {
            Some(address) => (u128::from(address), 32),
            None => (
                u128::from(address.parse::<Ipv6Addr>().map_err(|_| wrong())?),
                128,
            ),
        };
        if prefix > bits {
            return Err(wrong());
        }
        let range = Self {
            address,
            prefix,
            bits,
        };
        Ok(Self {
            address: address & range.mask(),
            ..range
        })
    }

    fn mask(self) -> u128 {
        let all = if self.bits == 32 {
            u128::from(u32::MAX)
        } else {
            u128::MAX
        };
        match self.bits - self.prefix {
            128 => 0,
            host => (all >> host) << host,
        }
    }

    /// The range with `new` more bits of prefix, set to `number`.
    fn inside(self, new: u32, number: u128) -> Self {
        let prefix = self.prefix + new;
        let shifted = match self.bits - prefix {
            128 => 0,
            host => number << host,
        };
        Self {
            address: self.address | shifted,
            prefix,
            ..self
        }
    }

    fn show(self, address: u128) -> String {
        if self.bits == 32 {
            Ipv4Addr::from(u32::try_from(address & u128::from(u32::MAX)).unwrap_or_default())
                .to_string()
        } else {
            Ipv6Addr::from(address).to_string()
        }
    }
}

/// Octets may have leading zeros, as they could in older versions of Terraform.
fn parse_v4(address: &str) -> Option<u32> {
    let octets: Vec<&str> = address.split('.').collect();
    if octets.len() != 4 {
        return None;
    }
    octets.iter().try_fold(0_u32, |sum, octet| {
        let valid = !octet.is_empty() && octet.bytes().all(|byte| byte.is_ascii_digit());
        let value: u32 = valid.then(|| octet.parse().ok()).flatten()?;
        (value < 256).then_some(sum << 8 | value)
    })
}

/// Whether a range holds an address, or all of another range.
pub(super) fn cidrcontains(arguments: &[Term]) -> Outcome {
    let range = Range::parse(text(arguments, 0), 0)?;
    let inner = text(arguments, 1);
    let wrong = || Failure::call(format!("invalid IP address or prefix: {inner}"));
    let inner_range = match inner.contains('/') {
        true => Range::parse(inner, 1).map_err(|_| wrong())?,
        false => {
            let whole = if inner.contains(':') { 128 } else { 32 };
            Range::parse(&format!("{inner}/{whole}"), 1).map_err(|_| wrong())?
        }
    };
    if range.bits != inner_range.bits {
        return Err(Failure::call(format!(
            "address family mismatch: {} vs. {inner}",
            text(arguments, 0)
        )));
    }
    let is_inside =
        range.prefix <= inner_range.prefix && inner_range.address & range.mask() == range.address;
    Ok(Term::bool(is_inside))
}

pub(super) fn cidrhost(arguments: &[Term]) -> Outcome {
    let range = Range::parse(text(arguments, 0), 0)?;
    let number = arguments[1]
        .as_number()
        .filter(|number| number.is_integer())
        .and_then(|number| number.as_decimal().to_i128())
        .ok_or_else(|| Failure::argument(1, "must be a whole number"))?;
    let host = range.bits - range.prefix;
    let size = 1_u128.checked_shl(host);
    let too_large = || {
        Failure::call(format!(
            "prefix of {} does not accommodate a host numbered {number}",
            range.prefix
        ))
    };
    let offset = if number < 0 {
        match size {
            Some(size) => size
                .checked_sub(number.unsigned_abs())
                .ok_or_else(too_large)?,
            None => number.unsigned_abs().wrapping_neg(),
        }
    } else {
        number.unsigned_abs()
    };
    if size.is_some_and(|size| offset >= size) {
        return Err(too_large());
    }
    Ok(Term::string(range.show(range.address | offset)))
}

pub(super) fn cidrnetmask(arguments: &[Term]) -> Outcome {
    let range = Range::parse(text(arguments, 0), 0)?;
    if range.bits != 32 {
        return Err(Failure::argument(0, "IPv6 addresses cannot have a netmask"));
    }
    Ok(Term::string(range.show(range.mask())))
}

pub(super) fn cidrsubnet(arguments: &[Term]) -> Outcome {
    let range = Range::parse(text(arguments, 0), 0)?;
    let new = new_bits(arguments, 1, range)?;
    let number = arguments[2]
        .as_number()
        .filter(|number| number.is_integer())
        .and_then(|number| number.as_decimal().to_u128())
        .ok_or_else(|| Failure::argument(2, "must be a whole number and not negative"))?;
    if 1_u128.checked_shl(new).is_some_and(|size| number >= size) {
        return Err(Failure::call(format!(
            "prefix extension of {new} does not accommodate a subnet numbered {number}"
        )));
    }
    let subnet = range.inside(new, number);
    Ok(Term::string(format!(
        "{}/{}",
        subnet.show(subnet.address),
        subnet.prefix
    )))
}

fn new_bits(arguments: &[Term], index: usize, range: Range) -> Result<u32, Failure> {
    let new = u32::try_from(whole(arguments, index)?)
        .map_err(|_| Failure::argument(index, "must not be negative"))?;
    if range.prefix.saturating_add(new) > range.bits {
        return Err(Failure::argument(
            index,
            format!(
                "insufficient address space to extend prefix of {} by {new}",
                range.prefix
            ),
        ));
    }
    Ok(new)
}

pub(super) fn cidrsubnets(arguments: &[Term]) -> Outcome {
    let range = Range::parse(text(arguments, 0), 0)?;
    let mut subnets = Vec::new();
    // The first address not handed out yet; `None` once the last one is.
    let mut next = Some(range.address);
    let last = range.address
        | !range.mask()
            & if range.bits == 32 {
                u128::from(u32::MAX)
            } else {
                u128::MAX
            };
    for index in 1..arguments.len() {
        let new = new_bits(arguments, index, range)?;
        if new < 1 {
            return Err(Failure::argument(
                index,
                "must extend prefix by at least one bit",
            ));
        }
        let prefix = range.prefix + new;
        let full = || {
            Failure::argument(
                index,
                format!(
                    "not enough remaining address space for a subnet with a prefix of {prefix} bits"
                ),
            )
        };
        let size = 1_u128 << (range.bits - prefix);
        let start = next.ok_or_else(full)?;
        // Aligned to its own size.
        let start = start.checked_add(size - 1).ok_or_else(full)? & !(size - 1);
        let end = start
            .checked_add(size - 1)
            .filter(|end| *end <= last)
            .ok_or_else(full)?;
        next = end.checked_add(1).filter(|next| *next <= last);
        subnets.push(Term::string(format!("{}/{prefix}", range.show(start))));
    }
    Ok(Term::list(Shape::String, subnets))
}
