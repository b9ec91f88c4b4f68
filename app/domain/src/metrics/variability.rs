//! Mean and spread (Danne et al. 2017, Diabetes Care 40(12):1631-1640, doi:10.2337/dc17-1600: CV above 36 % is unstable).

/// At or below this coefficient of variation glucose counts as stable, % (Battelino et al. 2019, doi:10.2337/dci19-0028).
pub const STABLE_CV_PERCENT: f64 = 36.0;

/// Arithmetic mean; none without a value.
pub fn mean(values: &[f64]) -> Option<f64> {
    // Taken from the first value, so that equal values have exactly their own mean and a spread of zero.
    let first = *values.first()?;
    Some(first + values.iter().map(|v| v - first).sum::<f64>() / values.len() as f64)
}

/// Sample standard deviation (n - 1), in the unit of the values; none with fewer than two.
pub fn sd(values: &[f64]) -> Option<f64> {
    let mean = mean(values)?;
    if values.len() < 2 {
        return None;
    }
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    Some((squares / (values.len() - 1) as f64).sqrt())
}

/// Coefficient of variation, %: 100 x SD / mean; none with fewer than two values.
pub fn cv_percent(values: &[f64]) -> Option<f64> {
    let mean = mean(values).filter(|m| *m > 0.0)?;
    Some(100.0 * sd(values)? / mean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_of_equal_values_is_zero_and_of_one_value_unknown() {
        let equal = [123.4; 7];
        assert_eq!((mean(&equal), sd(&equal), cv_percent(&equal)), (Some(123.4), Some(0.0), Some(0.0)));
        assert_eq!((mean(&[99.0]), sd(&[99.0]), cv_percent(&[99.0])), (Some(99.0), None, None));
        assert_eq!((mean(&[]), sd(&[]), cv_percent(&[])), (None, None, None));
    }

    #[test]
    fn the_deviation_is_the_sample_one() {
        assert_eq!(sd(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]), Some((32.0_f64 / 7.0).sqrt()));
    }
}
