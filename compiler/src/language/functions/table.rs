//! Every built-in function of Terraform 1.11 and newer: one line each.

use super::Kind::{
    Any, Bool, ListOfAny, ListOfBool, ListOfList, ListOfNumber, ListOfString, MapOfAny, MapOfLists,
    Number, SetOfAny, SetOfString, String,
};
use super::Run::{Can, Convert, Pure, Try, Unknown, WithFiles};
use super::{
    Function, Kind, Parameter, Run, collections as c, conversions as v, dates as d, encoding as e,
    files as f, formatting as m, hashes as h, json as j, lists as l, networks as w, numbers as n,
    ours as o, sets as u, strings as s, yaml as y, yaml_writer as yw,
};

use crate::language::which::Language;

const fn p(name: &'static str, kind: Kind) -> Parameter {
    Parameter::new(name, kind)
}

/// A parameter that may be null and partly unknown.
const fn open(name: &'static str, kind: Kind) -> Parameter {
    Parameter::new(name, kind).nullable().partly_known()
}

/// A parameter that may be partly unknown.
const fn part(name: &'static str, kind: Kind) -> Parameter {
    Parameter::new(name, kind).partly_known()
}

const fn function(
    group: &'static str,
    name: &'static str,
    parameters: &'static [Parameter],
    returns: Kind,
    run: Run,
) -> Function {
    Function {
        name,
        group,
        parameters,
        rest: None,
        returns,
        keeps_marks: false,
        only: None,
        run,
    }
}

impl Function {
    const fn rest(self, rest: Parameter) -> Self {
        Self {
            rest: Some(rest),
            ..self
        }
    }

    /// OpenTofu has it, Terraform has not.
    const fn of_opentofu(self) -> Self {
        Self {
            only: Some(Language::OpenTofu),
            ..self
        }
    }

    /// Terraform has it from 1.15 on, OpenTofu has not.
    const fn of_terraform(self) -> Self {
        Self {
            only: Some(Language::Terraform),
            ..self
        }
    }

    const fn keeps_marks(self) -> Self {
        Self {
            keeps_marks: true,
            ..self
        }
    }
}

const NUMBERS: &str = "Numbers";
const STRINGS: &str = "Strings";
const COLLECTIONS: &str = "Collections";
const ENCODING: &str = "Encoding";
const FILES: &str = "Files";
const DATES: &str = "Dates";
const HASHES: &str = "Hashes and secrets";
const NETWORKS: &str = "Networks";
const TYPES: &str = "Types";
const OURS: &str = "Lanyard's own";

#[rustfmt::skip]
pub(super) static FUNCTIONS: &[Function] = &[
    function(NUMBERS, "abs", &[p("number", Number)], Number, Pure(n::abs)),
    function(NUMBERS, "ceil", &[p("number", Number)], Number, Pure(n::ceil)),
    function(NUMBERS, "floor", &[p("number", Number)], Number, Pure(n::floor)),
    function(NUMBERS, "log", &[p("number", Number), p("base", Number)], Number, Pure(n::log)),
    function(NUMBERS, "max", &[], Number, Pure(n::max)).rest(p("numbers", Number)),
    function(NUMBERS, "min", &[], Number, Pure(n::min)).rest(p("numbers", Number)),
    function(NUMBERS, "parseint", &[part("number", Any), part("base", Number)], Number, Pure(n::parseint)),
    function(NUMBERS, "pow", &[p("number", Number), p("power", Number)], Number, Pure(n::pow)),
    function(NUMBERS, "signum", &[p("number", Number)], Number, Pure(n::signum)),
    function(NUMBERS, "sum", &[part("list", Any)], Number, Pure(n::sum)),

    function(STRINGS, "chomp", &[p("string", String)], String, Pure(s::chomp)),
    function(STRINGS, "endswith", &[p("string", String), p("suffix", String)], Bool, Pure(s::endswith)),
    function(STRINGS, "format", &[p("format", String)], String, Pure(m::format)).rest(open("args", Any)),
    function(STRINGS, "formatlist", &[p("format", String)], ListOfString, Pure(m::formatlist)).rest(open("args", Any)),
    function(STRINGS, "indent", &[p("spaces", Number), p("string", String)], String, Pure(s::indent)),
    function(STRINGS, "join", &[p("separator", String)], String, Pure(s::join)).rest(p("lists", ListOfString)),
    function(STRINGS, "lower", &[p("string", String)], String, Pure(s::lower)),
    function(STRINGS, "regex", &[p("pattern", String), p("string", String)], Any, Pure(s::regex)),
    function(STRINGS, "regexall", &[p("pattern", String), p("string", String)], ListOfAny, Pure(s::regexall)),
    function(STRINGS, "replace", &[p("string", String), p("substring", String), p("replacement", String)], String, Pure(s::replace)),
    function(STRINGS, "split", &[p("separator", String), p("string", String)], ListOfString, Pure(s::split)),
    function(STRINGS, "startswith", &[part("string", String), p("prefix", String)], Bool, Pure(s::startswith)),
    function(STRINGS, "strcontains", &[p("string", String), p("substring", String)], Bool, Pure(s::strcontains)),
    function(STRINGS, "strrev", &[p("string", String)], String, Pure(s::strrev)),
    function(STRINGS, "substr", &[p("string", String), p("offset", Number), p("length", Number)], String, Pure(s::substr)),
    function(STRINGS, "templatestring", &[p("template", String), part("vars", Any)], String, WithFiles(f::templatestring)).keeps_marks(),
    function(STRINGS, "title", &[p("string", String)], String, Pure(s::title)),
    function(STRINGS, "trim", &[p("string", String), p("cutset", String)], String, Pure(s::trim)),
    function(STRINGS, "trimprefix", &[p("string", String), p("prefix", String)], String, Pure(s::trimprefix)),
    function(STRINGS, "trimspace", &[p("string", String)], String, Pure(s::trimspace)),
    function(STRINGS, "trimsuffix", &[p("string", String), p("suffix", String)], String, Pure(s::trimsuffix)),
    function(STRINGS, "upper", &[p("string", String)], String, Pure(s::upper)),

    function(COLLECTIONS, "alltrue", &[part("list", ListOfBool)], Bool, Pure(c::alltrue)),
    function(COLLECTIONS, "anytrue", &[part("list", ListOfBool)], Bool, Pure(c::anytrue)),
    function(COLLECTIONS, "chunklist", &[part("list", ListOfAny), p("size", Number)], ListOfList, Pure(l::chunklist)).keeps_marks(),
    function(COLLECTIONS, "coalesce", &[], Any, Pure(c::coalesce)).rest(open("vals", Any)),
    function(COLLECTIONS, "coalescelist", &[], Any, Pure(c::coalescelist)).rest(open("vals", Any)),
    function(COLLECTIONS, "compact", &[p("list", ListOfString)], ListOfString, Pure(l::compact)),
    function(COLLECTIONS, "concat", &[], Any, Pure(l::concat)).rest(part("seqs", Any)).keeps_marks(),
    function(COLLECTIONS, "contains", &[part("list", Any), part("value", Any).nullable()], Bool, Pure(c::contains)),
    function(COLLECTIONS, "distinct", &[p("list", ListOfAny)], ListOfAny, Pure(l::distinct)),
    function(COLLECTIONS, "element", &[part("list", Any), part("index", Number)], Any, Pure(l::element)).keeps_marks(),
    function(COLLECTIONS, "flatten", &[part("list", Any)], Any, Pure(l::flatten)).keeps_marks(),
    function(COLLECTIONS, "index", &[part("list", Any), part("value", Any)], Number, Pure(l::index)),
    function(COLLECTIONS, "keys", &[part("inputMap", Any)], ListOfString, Pure(c::keys)).keeps_marks(),
    function(COLLECTIONS, "length", &[part("value", Any)], Number, Pure(c::length)).keeps_marks(),
    function(COLLECTIONS, "lookup", &[part("inputMap", Any), part("key", String)], Any, Pure(c::lookup)).rest(open("default", Any)).keeps_marks(),
    function(COLLECTIONS, "matchkeys", &[part("values", ListOfAny), part("keys", ListOfAny), part("searchset", ListOfAny)], ListOfAny, Pure(l::matchkeys)),
    function(COLLECTIONS, "merge", &[], Any, Pure(c::merge)).rest(open("maps", Any)).keeps_marks(),
    function(COLLECTIONS, "one", &[part("list", Any)], Any, Pure(l::one)).keeps_marks(),
    function(COLLECTIONS, "range", &[], ListOfNumber, Pure(l::range)).rest(p("params", Number)),
    function(COLLECTIONS, "reverse", &[part("list", Any)], Any, Pure(l::reverse)).keeps_marks(),
    function(COLLECTIONS, "setintersection", &[part("first_set", SetOfAny)], SetOfAny, Pure(u::intersection)).rest(part("other_sets", SetOfAny)),
    function(COLLECTIONS, "setproduct", &[], Any, Pure(u::product)).rest(part("sets", Any)).keeps_marks(),
    function(COLLECTIONS, "setsubtract", &[part("a", SetOfAny), part("b", SetOfAny)], SetOfAny, Pure(u::subtract)),
    function(COLLECTIONS, "setunion", &[part("first_set", SetOfAny)], SetOfAny, Pure(u::union)).rest(part("other_sets", SetOfAny)),
    function(COLLECTIONS, "slice", &[part("list", Any), part("start_index", Number), part("end_index", Number)], Any, Pure(l::slice)).keeps_marks(),
    function(COLLECTIONS, "sort", &[part("list", ListOfString)], ListOfString, Pure(l::sort)),
    function(COLLECTIONS, "transpose", &[p("values", MapOfLists)], MapOfLists, Pure(c::transpose)),
    function(COLLECTIONS, "values", &[part("mapping", Any)], Any, Pure(c::values)).keeps_marks(),
    function(COLLECTIONS, "zipmap", &[part("keys", ListOfString), part("values", Any)], Any, Pure(c::zipmap)).keeps_marks(),

    function(ENCODING, "base64decode", &[p("string", String)], String, Pure(e::base64decode)),
    function(ENCODING, "base64encode", &[p("string", String)], String, Pure(e::base64encode)),
    function(ENCODING, "base64gunzip", &[p("string", String)], String, Pure(e::base64gunzip)).of_opentofu(),
    function(ENCODING, "base64gzip", &[p("string", String)], String,
        Unknown("its bytes are those of Terraform's own compressor, which others do not repeat")),
    function(ENCODING, "csvdecode", &[p("string", String)], ListOfAny, Pure(e::csvdecode)),
    function(ENCODING, "jsondecode", &[p("string", String)], Any, Pure(j::jsondecode)),
    function(ENCODING, "jsonencode", &[open("value", Any)], String, Pure(j::jsonencode)),
    function(ENCODING, "textdecodebase64", &[p("string", String), p("encoding", String)], String, Pure(e::textdecodebase64)),
    function(ENCODING, "textencodebase64", &[p("string", String), p("encoding", String)], String, Pure(e::textencodebase64)),
    function(ENCODING, "urldecode", &[p("string", String)], String, Pure(e::urldecode)).of_opentofu(),
    function(ENCODING, "urlencode", &[p("string", String)], String, Pure(e::urlencode)),
    function(ENCODING, "yamldecode", &[p("string", String)], Any, WithFiles(y::yamldecode)),
    function(ENCODING, "yamlencode", &[open("value", Any)], String, Pure(yw::yamlencode)),
    function(ENCODING, "provider::terraform::decode_tfvars", &[p("src", String)], Any, WithFiles(f::decode_tfvars)),
    function(ENCODING, "provider::terraform::encode_expr", &[open("value", Any)], String, Pure(j::encode_expr)),
    function(ENCODING, "provider::terraform::encode_tfvars", &[p("value", Any)], String, Pure(j::encode_tfvars)),

    function(FILES, "abspath", &[p("path", String)], String, WithFiles(f::abspath)),
    function(FILES, "basename", &[p("path", String)], String, Pure(f::basename)),
    function(FILES, "dirname", &[p("path", String)], String, Pure(f::dirname)),
    function(FILES, "file", &[p("path", String)], String, WithFiles(f::file)),
    function(FILES, "filebase64", &[p("path", String)], String, WithFiles(f::filebase64)),
    function(FILES, "fileexists", &[p("path", String)], Bool, WithFiles(f::fileexists)),
    function(FILES, "fileset", &[p("path", String), p("pattern", String)], SetOfString, WithFiles(f::fileset)),
    function(FILES, "pathexpand", &[p("path", String)], String, Pure(f::pathexpand)),
    function(FILES, "templatefile", &[p("path", String), part("vars", Any)], String, WithFiles(f::templatefile)).keeps_marks(),

    function(DATES, "formatdate", &[p("format", String), p("time", String)], String, Pure(d::formatdate)),
    function(DATES, "plantimestamp", &[], String, Unknown("the time of Terraform's plan")),
    function(DATES, "timeadd", &[p("timestamp", String), p("duration", String)], String, Pure(d::timeadd)),
    function(DATES, "timecmp", &[p("timestamp_a", String), p("timestamp_b", String)], Number, Pure(d::timecmp)),
    function(DATES, "timestamp", &[], String, Unknown("the time of the apply")),

    function(HASHES, "base64sha256", &[p("str", String)], String, Pure(h::base64sha256)),
    function(HASHES, "base64sha512", &[p("str", String)], String, Pure(h::base64sha512)),
    function(HASHES, "bcrypt", &[p("str", String)], String, Unknown("salted by chance")).rest(p("cost", Number)),
    function(HASHES, "filebase64sha256", &[p("path", String)], String, WithFiles(h::filebase64sha256)),
    function(HASHES, "filebase64sha512", &[p("path", String)], String, WithFiles(h::filebase64sha512)),
    function(HASHES, "filemd5", &[p("path", String)], String, WithFiles(h::filemd5)),
    function(HASHES, "filesha1", &[p("path", String)], String, WithFiles(h::filesha1)),
    function(HASHES, "filesha256", &[p("path", String)], String, WithFiles(h::filesha256)),
    function(HASHES, "filesha512", &[p("path", String)], String, WithFiles(h::filesha512)),
    function(HASHES, "md5", &[p("str", String)], String, Pure(h::md5)),
    function(HASHES, "rsadecrypt", &[p("ciphertext", String), p("privatekey", String)], String, Unknown("no private key is read to show a plan")),
    function(HASHES, "sha1", &[p("str", String)], String, Pure(h::sha1)),
    function(HASHES, "sha256", &[p("str", String)], String, Pure(h::sha256)),
    function(HASHES, "sha512", &[p("str", String)], String, Pure(h::sha512)),
    function(HASHES, "uuid", &[], String, Unknown("chance")),
    function(HASHES, "uuidv5", &[p("namespace", String), p("name", String)], String, Pure(h::uuidv5)),

    function(NETWORKS, "cidrcontains", &[p("containing_prefix", String), p("contained_ip_or_prefix", String)], Bool,
        Pure(w::cidrcontains)).of_opentofu(),
    function(NETWORKS, "cidrhost", &[p("prefix", String), p("hostnum", Number)], String, Pure(w::cidrhost)),
    function(NETWORKS, "cidrnetmask", &[p("prefix", String)], String, Pure(w::cidrnetmask)),
    function(NETWORKS, "cidrsubnet", &[p("prefix", String), p("newbits", Number), p("netnum", Number)], String, Pure(w::cidrsubnet)),
    function(NETWORKS, "cidrsubnets", &[p("prefix", String)], ListOfString, Pure(w::cidrsubnets)).rest(p("newbits", Number)),

    function(OURS, "provider::lanyard::authorization_header", &[p("token", String)], String, Pure(o::authorization_header)).rest(p("user", String)),
    function(OURS, "provider::lanyard::duration_hours", &[p("duration", String)], Number, Pure(o::duration_hours)),
    function(OURS, "provider::lanyard::duration_seconds", &[p("duration", String)], Number, Pure(o::duration_seconds)),

    function(TYPES, "can", &[p("expression", Any)], Bool, Can),
    function(TYPES, "convert", &[open("value", Any), p("type", Any)], Any, Convert).of_terraform(),
    function(TYPES, "ephemeralasnull", &[open("value", Any)], Any, Pure(v::ephemeralasnull)).keeps_marks(),
    function(TYPES, "issensitive", &[open("value", Any)], Bool, Pure(v::issensitive)).keeps_marks(),
    function(TYPES, "nonsensitive", &[open("value", Any)], Any, Pure(v::nonsensitive)).keeps_marks(),
    function(TYPES, "sensitive", &[open("value", Any)], Any, Pure(v::sensitive)).keeps_marks(),
    function(TYPES, "tobool", &[open("v", Any)], Bool, Pure(v::tobool)).keeps_marks(),
    function(TYPES, "tolist", &[open("v", Any)], ListOfAny, Pure(v::tolist)).keeps_marks(),
    function(TYPES, "tomap", &[open("v", Any)], MapOfAny, Pure(v::tomap)).keeps_marks(),
    function(TYPES, "tonumber", &[open("v", Any)], Number, Pure(v::tonumber)).keeps_marks(),
    function(TYPES, "toset", &[open("v", Any)], SetOfAny, Pure(v::toset)).keeps_marks(),
    function(TYPES, "tostring", &[open("v", Any)], String, Pure(v::tostring)).keeps_marks(),
    function(TYPES, "try", &[], Any, Try).rest(open("expressions", Any)),
];
