#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// The oracle: EQL read a second time from its reference, in the slowest and simplest way, to hold
/// against the engine. Test-only; shares nothing with the engine but the parser and core/base.
namespace sequela::oracle {

/// A value of a document as written.
struct JsonScalar {
    enum class Kind { Null, String, Number, Boolean };
    Kind kind = Kind::Null;
    /// The string's content, the number's digits, `true` or `false`.
    std::string text;
};

struct JsonField;

/// Dotted field name → what the document has there. An absent field is not in the map.
using NaiveEvent = std::map<std::string, JsonField>;

/// One field of an event: a scalar, or an array (`list`), which may be empty or hold nulls, or (for
/// `_arraysearch`) objects of scalars instead of values.
struct JsonField {
    bool list = false;
    std::vector<JsonScalar> values;
    std::vector<NaiveEvent> objects;
};

/// Events of one source in record order; the name orders sources as SHA-256 does in a case.
struct NaiveSource {
    std::string name;
    std::vector<NaiveEvent> events;
};

/// Sources in order of import: an event's number is its position over all of them.
using NaiveData = std::vector<NaiveSource>;

/// One JSON object a line.
[[nodiscard]] std::string toNdjson(const std::vector<NaiveEvent>& events);
/// The reverse, for objects as toNdjson writes them; ends the program on anything else.
[[nodiscard]] std::vector<NaiveEvent> readNdjson(std::string_view lines);

} // namespace sequela::oracle
