//! Logarithms and powers to the last digit as Terraform's programs for x86-64 have them. Terraform takes them from Go, whose own ways to
//! compute them (`src/math/log.go`, `pow.go` and `exp_amd64.s` of Go 1.26) round otherwise than the libraries that Rust asks.

const MANTISSA_BITS: i32 = 52;
const EXPONENT_MASK: u64 = 0x7ff;
const BIAS: i32 = 1023;

/// The natural logarithm.
pub(super) fn ln(number: f64) -> f64 {
    const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
    const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    const L1: f64 = 6.666_666_666_666_735e-1;
    const L2: f64 = 3.999_999_999_940_942e-1;
    const L3: f64 = 2.857_142_874_366_239e-1;
    const L4: f64 = 2.222_219_843_214_978_4e-1;
    const L5: f64 = 1.818_357_216_161_805e-1;
    const L6: f64 = 1.531_383_769_920_937_3e-1;
    const L7: f64 = 1.479_819_860_511_658_6e-1;
    if !number.is_finite() || number <= 0.0 {
        return number.ln();
    }
    // Go's own code for x86-64 (`log_amd64.s`) takes the bits as they stand, also of a number so small that it has no leading one.
    let (mut fraction, mut exponent) = bare_parts(number);
    if fraction < std::f64::consts::FRAC_1_SQRT_2 {
        fraction *= 2.0;
        exponent -= 1;
    }
    let (f, k) = (fraction - 1.0, f64::from(exponent));
    let s = f / (2.0 + f);
    let s2 = s * s;
    let s4 = s2 * s2;
    let odd = s2 * (L1 + s4 * (L3 + s4 * (L5 + s4 * L7)));
    let even = s4 * (L2 + s4 * (L4 + s4 * L6));
    let rest = odd + even;
    let half_square = 0.5 * f * f;
    k * LN_2_HIGH - ((half_square - (s * (half_square + rest) + k * LN_2_LOW)) - f)
}

/// The base to the power of a number.
pub(super) fn pow(base: f64, power: f64) -> f64 {
    let is_plain = base.is_finite() && base != 0.0 && power.abs() < 2_f64.powi(63);
    let (mut whole, mut fraction) = (power.abs().trunc(), power.abs().fract());
    if !is_plain || power == 0.0 || base == 1.0 || (fraction != 0.0 && base < 0.0) {
        return base.powf(power);
    }
    if power == 0.5 {
        return base.sqrt();
    }
    if power == -0.5 {
        return 1.0 / base.sqrt();
    }
    let (mut result, mut exponent) = (1.0, 0);
    if fraction != 0.0 {
        if fraction > 0.5 {
            fraction -= 1.0;
            whole += 1.0;
        }
        result = exp(fraction * ln(base));
    }
    // By squaring, with the powers of two apart.
    let (mut square, mut square_exponent) = parts(base);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is whole, not negative and less than 2^63"
    )]
    let mut bits = whole as u64;
    while bits != 0 {
        if square_exponent.abs() > 1 << 12 {
            // Too large or too small whatever follows.
            exponent += square_exponent;
            break;
        }
        if bits & 1 == 1 {
            result *= square;
            exponent += square_exponent;
        }
        square *= square;
        square_exponent *= 2;
        if square < 0.5 {
            square += square;
            square_exponent -= 1;
        }
        bits >>= 1;
    }
    if power < 0.0 {
        result = 1.0 / result;
        exponent = -exponent;
    }
    scaled(result, exponent)
}

/// e to the power of a number of moderate size.
fn exp(power: f64) -> f64 {
    const LN_2_HIGH: f64 = 0.693_147_180_559_662_956_511_601_805_686_950_683_593_75;
    const LN_2_LOW: f64 = 0.282_352_905_630_315_771_225_884_481_750_134_360_255_254_120_68e-12;
    const SERIES: [f64; 7] = [
        1.984_126_984_126_984e-4,
        1.388_888_888_888_889e-3,
        8.333_333_333_333_333e-3,
        4.166_666_666_666_666_6e-2,
        1.666_666_666_666_666_6e-1,
        0.5,
        1.0,
    ];
    if !power.is_finite() || power.abs() > 700.0 {
        return power.exp();
    }
    let exponent = (power * std::f64::consts::LOG2_E).round_ties_even();
    let rest = exponent.mul_add(-LN_2_HIGH, power);
    let rest = exponent.mul_add(-LN_2_LOW, rest) * 0.0625;
    let sum = SERIES
        .iter()
        .fold(2.480_158_730_158_73e-5, |sum: f64, term| {
            sum.mul_add(rest, *term)
        });
    let mut less_one = rest * sum;
    for _ in 0..3 {
        less_one *= less_one + 2.0;
    }
    let result = less_one.mul_add(less_one + 2.0, 1.0);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it is whole and at most 1010"
    )]
    scaled(result, exponent as i32)
}

/// A number from a half up to one, and the power of two that it is to be multiplied with.
fn parts(number: f64) -> (f64, i32) {
    let (number, shift) = normal(number);
    let (fraction, exponent) = bare_parts(number);
    (fraction, exponent + shift)
}

/// The same of a number that has all its digits.
fn bare_parts(number: f64) -> (f64, i32) {
    let bits = number.to_bits();
    let cleared = bits & !(EXPONENT_MASK << MANTISSA_BITS);
    let half = u64::from((BIAS - 1).unsigned_abs()) << MANTISSA_BITS;
    (f64::from_bits(cleared | half), exponent_of(bits) + 1)
}

/// A number multiplied with a power of two, rounded once.
fn scaled(number: f64, exponent: i32) -> f64 {
    if number == 0.0 || !number.is_finite() {
        return number;
    }
    let (normal, shift) = normal(number);
    let bits = normal.to_bits();
    let mut exponent = exponent
        .saturating_add(shift)
        .saturating_add(exponent_of(bits));
    if exponent < -1075 {
        return 0_f64.copysign(number);
    }
    if exponent > BIAS {
        return f64::INFINITY.copysign(number);
    }
    let mut factor = 1.0;
    if exponent < 1 - BIAS {
        exponent += 53;
        factor = 1.0 / 2_f64.powi(53);
    }
    let cleared = bits & !(EXPONENT_MASK << MANTISSA_BITS);
    let biased = u64::from((exponent + BIAS).unsigned_abs()) << MANTISSA_BITS;
    factor * f64::from_bits(cleared | biased)
}

/// The same number as one that has all its digits, and what power of two is missing.
fn normal(number: f64) -> (f64, i32) {
    match number.is_subnormal() {
        true => (number * 2_f64.powi(MANTISSA_BITS), -MANTISSA_BITS),
        false => (number, 0),
    }
}

fn exponent_of(bits: u64) -> i32 {
    // Eleven bits.
    i32::try_from((bits >> MANTISSA_BITS) & EXPONENT_MASK).unwrap_or_default() - BIAS
}
