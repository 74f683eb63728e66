//! Snapshots that stay the same: what differs from run to run is replaced by its kind, but only where it has that kind's shape.

/// Shape, and the word that stands for it. A text of another shape stays and so fails its snapshot.
const SHAPES: &[(&str, &str)] = &[
    (r"\bsa_[0-9A-Za-z]{16,40}\b", "[service account id]"),
    (r"\bop_[0-9A-Za-z]{16,40}\b", "[operator id]"),
    (r"\bat_[0-9A-Za-z]{16,40}\b", "[access token id]"),
    (r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", "[time]"),
    (r"https?://127\.0\.0\.1:\d{2,5}", "[server]"),
    (r"\b127\.0\.0\.1:\d{2,5}", "[server]"),
    (r"\breq_[0-9A-Za-z]{8,40}\b", "[request id]"),
    (r"\(os error\s\d+\)", "(os error [number])"),
    (r"\bafter \d+s\b", "after [elapsed]"),
    (r"\bsha256:[0-9a-f]{64}\b", "[checksum]"),
    // What OpenTofu says otherwise than Terraform.
    (r"registry\.opentofu\.org", "registry.terraform.io"),
    (
        r"# \(\d+ unchanged attributes hidden\)",
        "# ([number] unchanged attributes hidden)",
    ),
    (
        r#"on provider\["[^"]+"\] with no configuration line 1:"#,
        "on <empty> line 0:",
    ),
];

/// Compares with `terraform/snapshots/NAME.snap`, the same for every Terraform.
pub(crate) fn assert_snapshot(name: &str, text: &str) {
    assert_snapshot_in("terraform", name, text);
}

/// Compares with `ROOM/snapshots/NAME.snap`.
pub(crate) fn assert_snapshot_in(room: &str, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    let suite = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite");
    settings.set_snapshot_path(format!("{suite}/{room}/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for (shape, word) in SHAPES {
        settings.add_filter(shape, *word);
    }
    settings.bind(|| insta::assert_snapshot!(name, text.trim()));
}
