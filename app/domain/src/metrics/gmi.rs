//! Glucose management indicator (Bergenstal et al. 2018, Diabetes Care 41(11):2275-2280, doi:10.2337/dc18-1581).
//!
//! It stands in for a laboratory A1C and was fitted on sensor means only: it is not computed from finger-stick values.

/// GMI in % (NGSP) from the mean of sensor values in mg/dL.
pub fn percent(mean_mg_dl: f64) -> f64 {
    3.31 + 0.02392 * mean_mg_dl
}

/// GMI in mmol/mol (IFCC) from the mean of sensor values in mmol/L.
pub fn mmol_per_mol(mean_mmol_l: f64) -> f64 {
    12.71 + 4.70587 * mean_mmol_l
}

/// How far a laboratory's HbA1c lies above the GMI, percentage points (NGSP). Half a point and more is worth a thought: the two
/// part for reasons of the blood as well as of the sensor (Bergenstal et al. 2018, as above).
pub fn gap(hba1c_percent: f64, gmi_percent: f64) -> f64 {
    hba1c_percent - gmi_percent
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::glucose::MG_DL_PER_MMOL_L;

    #[test]
    fn gmi_follows_the_published_table() {
        for (mean, gmi) in [
            (100.0, 5.702),
            (125.0, 6.300),
            (150.0, 6.898),
            (154.0, 6.9937),
            (175.0, 7.496),
            (200.0, 8.094),
            (250.0, 9.290),
            (300.0, 10.486),
            (350.0, 11.682),
        ] {
            assert!((percent(mean) - gmi).abs() < 5e-5, "{mean}: {}", percent(mean));
        }
    }

    #[test]
    fn the_two_forms_agree() {
        let mmol_mol = mmol_per_mol(154.0 / MG_DL_PER_MMOL_L);
        assert!((mmol_mol - 52.94).abs() < 0.005, "{mmol_mol}");
        // NGSP from IFCC: 0.09148 x + 2.152.
        assert!((0.09148 * mmol_mol + 2.152 - percent(154.0)).abs() < 0.02);
    }
}
