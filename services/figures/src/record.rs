//! Turning a quantity into the record that travels.

use tallywire_proto::{FigureKind, Modifier, Number, Si, Unit, Value};

use crate::{numbers::Form, quantity::Quantity, units::UnitKind};

/// What sort of figure it is.
pub(crate) fn kind(quantity: &Quantity<'_>) -> FigureKind {
    match quantity.form {
        Form::Score => return FigureKind::Score,
        Form::Rank => return FigureKind::Rank,
        _ if quantity.is_age => return FigureKind::Age,
        _ if quantity.direction.is_some() => return FigureKind::Change,
        _ => {}
    }
    match quantity.kind() {
        Some(UnitKind::Money) => FigureKind::Money,
        // A gap between shares is one in points; where it rose or fell, it is a change.
        Some(UnitKind::Percent | UnitKind::Points) => FigureKind::Percent,
        Some(UnitKind::Measure | UnitKind::Time) => FigureKind::Measure,
        None if matches!(quantity.form, Form::Ratio | Form::Fraction) => FigureKind::Ratio,
        None => FigureKind::Count,
    }
}

/// The value, open where the modifier opens it.
pub(crate) fn value(quantity: &Quantity<'_>) -> Value {
    let (low, high) = (Some(Number(quantity.low)), Some(Number(quantity.high)));
    match quantity.modifier {
        _ if quantity.low < quantity.high => Value { low, high },
        Modifier::AtLeast | Modifier::MoreThan => Value { low, high: None },
        Modifier::AtMost | Modifier::LessThan | Modifier::UpTo => Value { low: None, high },
        Modifier::Exact | Modifier::About | Modifier::Vague => Value { low, high },
    }
}

/// The unit; an age's is "year of age".
/// `infer` tells which currency a name means that several countries share.
pub(crate) fn unit(quantity: &Quantity<'_>, infer: impl Fn(&str) -> Option<&'static str>) -> Unit {
    let Some(entry) = quantity.unit else {
        return if quantity.is_age {
            Unit { name: Some("year of age".into()), ucum: Some("a".into()), ..Unit::default() }
        } else {
            let per = quantity.per.as_ref();
            let ucum = per.and_then(|per| per.ucum).map(|per| format!("/{per}"));
            Unit { ucum, per: per.map(|per| per.name.clone()), ..Unit::default() }
        };
    };
    let name = if quantity.is_age { format!("{} of age", entry.name) } else { entry.name.to_owned() };
    let inferred = if entry.currency.is_none() { infer(entry.name) } else { None };
    let per = quantity.per.as_ref();
    let ucum =
        entry.ucum.map(|code| per.and_then(|per| per.ucum).map_or(code.to_owned(), |per| format!("{code}/{per}")));
    Unit {
        name: Some(name),
        ucum: ucum.filter(|_| per.is_none_or(|per| per.ucum.is_some())),
        currency: entry.currency.or(inferred).map(str::to_owned),
        currency_inferred: inferred.is_some(),
        per: per.map(|per| per.name.clone()),
    }
}

/// The lower bound in SI units; none for rates, whose denominator has a unit of its own.
pub(crate) fn si(quantity: &Quantity<'_>) -> Option<Si> {
    if quantity.per.is_some() {
        return None;
    }
    let unit = quantity.unit?;
    if quantity.direction.is_some() { unit.si_difference(quantity.low) } else { unit.si(quantity.low) }
}

/// How sure the record is: a rule of thumb, in steps, of how much of the phrase was understood.
pub(crate) fn confidence(quantity: &Quantity<'_>) -> f64 {
    let is_understood = quantity.unit.is_some() || quantity.is_age || quantity.noun.is_some();
    match quantity.form {
        Form::Score | Form::Rank => 0.7,
        Form::Vague => 0.8,
        _ if is_understood => 0.9,
        _ => 0.6,
    }
}
