//! The drawing surface: plotters with a back end of our own that writes SVG shapes with classes.
//!
//! plotters' SVG back end writes hex colours, so light, dark and print would each need a drawing of their own; here a
//! colour only carries an [`Ink`], which becomes a class. plotters measures text differently on server and browser, so
//! it is given none: the frame writes its texts itself.
//!
//! The surface is stretched to whatever room there is (`preserveAspectRatio="none"`); strokes keep their width by
//! `vector-effect` in the style sheet.

use std::{convert::Infallible, fmt::Write as _, ops::Range};

use domain::metrics::range::Band;
use plotters::{
    coord::{cartesian::Cartesian2d, types::RangedCoordf64},
    drawing::{DrawingArea, IntoDrawingArea},
    element::{PathElement, Polygon, Rectangle},
    style::{Color, RGBColor, ShapeStyle},
};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, DrawingBackend, DrawingErrorKind};

use super::svg;

/// Width of the surface: a quarter of a pixel on a desk's screen.
pub const WIDTH: i32 = 4000;
/// Height of the surface.
pub const HEIGHT: i32 = 1000;

/// What a shape is. The style sheet says how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// The target range.
    Target,
    /// A line of the time axis.
    Grid,
    /// Ends of the target range.
    Limit,
    /// Limits of very low and very high.
    FarLimit,
    /// The curve.
    Curve,
    /// A part of the curve outside the target range.
    Outside(Band),
    /// 5th to 95th percentile.
    Outer,
    /// 25th to 75th percentile.
    Inner,
    /// The median.
    Median,
}

impl Ink {
    const ALL: [(Self, &'static str); 13] = [
        (Self::Target, "target"),
        (Self::Grid, "grid"),
        (Self::Limit, "limit"),
        (Self::FarLimit, "limit far"),
        (Self::Curve, "curve"),
        (Self::Outside(Band::VeryLow), "curve b-very-low"),
        (Self::Outside(Band::Low), "curve b-low"),
        (Self::Outside(Band::InRange), "curve b-in-range"),
        (Self::Outside(Band::High), "curve b-high"),
        (Self::Outside(Band::VeryHigh), "curve b-very-high"),
        (Self::Outer, "outer"),
        (Self::Inner, "inner"),
        (Self::Median, "median"),
    ];

    fn style(self) -> ShapeStyle {
        let code = Self::ALL.iter().position(|(ink, _)| *ink == self).and_then(|n| u8::try_from(n).ok());
        RGBColor(0, 0, code.unwrap_or(0)).filled()
    }

    fn class(color: BackendColor) -> &'static str {
        Self::ALL.get(usize::from(color.rgb.2)).map_or("", |(_, class)| class)
    }
}

/// Writes shapes into a text.
struct Surface<'a>(&'a mut String);

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// Nothing is ever drawn outside the surface.
fn inside((x, y): BackendCoord) -> BackendCoord {
    (x.clamp(0, WIDTH), y.clamp(0, HEIGHT))
}

impl DrawingBackend for Surface<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (WIDTH.unsigned_abs(), HEIGHT.unsigned_abs())
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    /// Only shapes are drawn.
    fn draw_pixel(&mut self, _: BackendCoord, _: BackendColor) -> Drawn {
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        let points = svg::points(path.into_iter().map(inside));
        if !points.is_empty() {
            let _ = write!(self.0, r#"<polyline class="{}" points="{points}"/>"#, Ink::class(style.color()));
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        let points = svg::points(path.into_iter().map(inside));
        if !points.is_empty() {
            let _ = write!(self.0, r#"<polygon class="{}" points="{points}"/>"#, Ink::class(style.color()));
        }
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, _: bool) -> Drawn {
        let ((x1, y1), (x2, y2)) = (inside(from), inside(to));
        let _ = write!(
            self.0,
            r#"<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>"#,
            Ink::class(style.color()),
            x1.min(x2),
            y1.min(y2),
            (x2 - x1).abs(),
            (y2 - y1).abs(),
        );
        Ok(())
    }
}

/// A surface with its scales.
pub(super) struct Plot<'a> {
    area: DrawingArea<Surface<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>,
    x: Range<f64>,
    y: Range<f64>,
}

impl<'a> Plot<'a> {
    /// Opens a surface that appends to a text; `x` from left to right, `y` from bottom to top, neither empty.
    pub(super) fn new(out: &'a mut String, x: Range<f64>, y: Range<f64>) -> Self {
        // On the surface y grows downwards.
        let down = Range { start: HEIGHT, end: 0 };
        let scales = Cartesian2d::new(x.clone(), y.clone(), (0..WIDTH, down));
        Self { area: Surface(out).into_drawing_area().apply_coord_spec(scales), x, y }
    }

    /// A line through points; a single point becomes a dot (the stroke's cap is round).
    pub(super) fn line(&self, ink: Ink, mut points: Vec<(f64, f64)>) {
        if let [only] = points[..] {
            points.push(only);
        }
        if !points.is_empty() {
            // The back end cannot fail.
            let _ = self.area.draw(&PathElement::new(points, ink.style()));
        }
    }

    /// A filled outline.
    pub(super) fn area(&self, ink: Ink, outline: Vec<(f64, f64)>) {
        if !outline.is_empty() {
            let _ = self.area.draw(&Polygon::new(outline, ink.style()));
        }
    }

    /// A band across the whole width.
    pub(super) fn band(&self, ink: Ink, bottom: f64, top: f64) {
        let _ = self.area.draw(&Rectangle::new([(self.x.start, bottom), (self.x.end, top)], ink.style()));
    }

    /// A line across the whole width.
    pub(super) fn across(&self, ink: Ink, y: f64) {
        self.line(ink, vec![(self.x.start, y), (self.x.end, y)]);
    }

    /// A line from bottom to top at a share of the width, %.
    pub(super) fn upright(&self, ink: Ink, percent: f64) {
        let x = self.x.start + (self.x.end - self.x.start) * percent / 100.0;
        self.line(ink, vec![(x, self.y.start), (x, self.y.end)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(draw: impl FnOnce(&Plot)) -> String {
        let mut out = String::new();
        draw(&Plot::new(&mut out, 0.0..100.0, 0.0..10.0));
        out
    }

    #[test]
    fn a_shape_carries_a_class_and_no_colour() {
        let line = drawn(|plot| plot.line(Ink::Outside(Band::High), vec![(0.0, 0.0), (50.0, 5.0), (100.0, 10.0)]));
        assert_eq!(line, r#"<polyline class="curve b-high" points="0,1000 2000,500 4000,0"/>"#);
        let band = drawn(|plot| plot.band(Ink::Target, 2.0, 8.0));
        assert_eq!(band, r#"<rect class="target" x="0" y="200" width="4000" height="600"/>"#);
    }

    #[test]
    fn a_single_point_is_a_dot() {
        let dot = drawn(|plot| plot.line(Ink::Curve, vec![(50.0, 5.0)]));
        assert_eq!(dot, r#"<polyline class="curve" points="2000,500 2000,500"/>"#);
    }

    #[test]
    fn nothing_is_drawn_outside_the_surface() {
        let line = drawn(|plot| plot.line(Ink::Curve, vec![(-1e9, -5.0), (f64::INFINITY, f64::NAN)]));
        assert_eq!(line, r#"<polyline class="curve" points="0,1000 4000,1000"/>"#);
    }
}
