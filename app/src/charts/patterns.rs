//! Patterns and marks that charts refer to by id: once on every page, so that no document repeats them.

use leptos::prelude::*;

/// Dense hatch, hatch, dots, dense dots: told apart without colour and on paper. And one shape per band for a meter's points.
const DEFINITIONS: &str = r#"<defs>
<pattern id="chart-pattern-b-very-low" width="5" height="5" patternUnits="userSpaceOnUse"><path class="chart-hatch" d="M0 0L5 5M5 0L0 5"/></pattern>
<pattern id="chart-pattern-b-low" width="6" height="6" patternUnits="userSpaceOnUse"><path class="chart-hatch" d="M-1.5 1.5L1.5 -1.5M0 6L6 0M4.5 7.5L7.5 4.5"/></pattern>
<pattern id="chart-pattern-b-in-range" width="8" height="8" patternUnits="userSpaceOnUse"></pattern>
<pattern id="chart-pattern-b-high" width="7" height="7" patternUnits="userSpaceOnUse"><circle class="chart-dot" cx="2" cy="2" r="1.1"/><circle class="chart-dot" cx="5.5" cy="5.5" r="1.1"/></pattern>
<pattern id="chart-pattern-b-very-high" width="4" height="4" patternUnits="userSpaceOnUse"><path class="chart-hatch" d="M0 1H4"/></pattern>
<g id="chart-b-very-low"><path d="M-6 -5H6L0 6Z"/></g>
<g id="chart-b-low"><path d="M-5 -4H5L0 5Z"/></g>
<g id="chart-b-in-range"><circle r="4.5"/></g>
<g id="chart-b-high"><path d="M-5 4H5L0 -5Z"/></g>
<g id="chart-b-very-high"><path d="M-6 5H6L0 -6Z"/></g>
<g id="chart-beyond"><path d="M-6 8H6L0 0Z"/></g>
</defs>"#;

/// To be put once on each page that has charts.
#[component]
pub fn ChartDefinitions() -> impl IntoView {
    view! { <svg class="chart-definitions" aria-hidden="true" width="0" height="0" inner_html=DEFINITIONS></svg> }
}
